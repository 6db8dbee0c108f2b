// What a Mesos master keeps in memory. Changed in place by its only owner, `stepMaster`.
import type {
  Attribute,
  DomainInfo,
  Event,
  FrameworkInfo,
  KillPolicy,
  MasterInfo,
  OfferConstraints,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../generated/protocol.js';
import type { Resources } from '../../resources/resources.js';
import type { Task } from './task.js';

export interface MasterSettings {
  /** Mesos's --allocation_interval. */
  readonly allocationIntervalMs: number;
  /** Mesos's --min_allocatable_resources: an offer must hold all quantities (thousandths) of at least one of these. */
  readonly minAllocatable: readonly Readonly<Record<string, number>>[];
  /** Announced in SUBSCRIBED. */
  readonly heartbeatIntervalSeconds: number;
  /** Mesos's --max_completed_frameworks and --max_completed_tasks_per_framework. */
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasks: number;
}

export const defaultMasterSettings: MasterSettings = {
  allocationIntervalMs: 1000,
  minAllocatable: [{ cpus: 10 }, { mem: 32_000 }],
  heartbeatIntervalSeconds: 15,
  maxCompletedFrameworks: 50,
  maxCompletedTasks: 1000,
};

export interface AgentInfo {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  readonly resources: Resources;
  readonly attributes: readonly Attribute[];
  readonly domain?: DomainInfo | undefined;
}

export interface AgentRecord {
  readonly id: string;
  readonly info: AgentInfo;
  /** Neither offered nor allocated. */
  available: Resources;
  readonly tasks: Map<string, Task>;
  readonly offers: Map<string, OfferRecord>;
  readonly registeredAt: number;
  readonly reregisteredAt: number | undefined;
}

export interface OfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly resources: Resources;
}

/** Resources that a framework refused on an agent, and until when (epoch ms). */
export interface RefusedFilter {
  readonly resources: Resources;
  readonly expiresAt: number;
}

/** What a framework or a role holds, offered or allocated; `count` breaks ties in the fair order. */
export interface Share {
  readonly milli: Map<string, number>;
  count: number;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  roles: string[];
  /** recovered: known from its tasks only, after a master's restart. */
  state: 'recovered' | 'active' | 'disconnected';
  /** The Mesos-Stream-Id of its subscription, while it has one. */
  stream: string | undefined;
  suppressedRoles: Set<string>;
  constraints: OfferConstraints | undefined;
  /** role → agent → filters */
  readonly filters: Map<string, Map<string, RefusedFilter[]>>;
  readonly shares: Map<string, Share>;
  readonly tasks: Map<string, Task>;
  readonly unreachableTasks: Map<string, Task>;
  completedTasks: Task[];
  readonly offers: Map<string, OfferRecord>;
  readonly registeredAt: number;
  reregisteredAt: number | undefined;
  unregisteredAt: number | undefined;
  /** When it is removed unless it subscribes again. */
  failoverDeadline: number | undefined;
}

export interface MasterState {
  readonly info: MasterInfo;
  readonly settings: MasterSettings;
  readonly startedAt: number;
  readonly agents: Map<string, AgentRecord>;
  /** agent → since when, in ns of the epoch */
  readonly unreachableAgents: Map<string, number>;
  /** Agents of the replicated registry that have not come back since this master took over. */
  readonly recoveredAgents: Set<string>;
  readonly frameworks: Map<string, FrameworkRecord>;
  readonly completedFrameworks: Map<string, FrameworkRecord>;
  readonly offers: Map<string, OfferRecord>;
  readonly roleShares: Map<string, Share>;
  readonly next: { framework: number; agent: number; offer: number; random: number };
  /** Broken on purpose. */
  readonly faults: { offersWithheld: boolean };
}

export interface MasterStart {
  readonly info: MasterInfo;
  readonly settings: MasterSettings;
  /** Any integer; the order in which agents are offered follows from it. */
  readonly seed: number;
  readonly recoveredAgents?: Iterable<string>;
}

export const newMaster = ({ info, settings, seed, recoveredAgents = [] }: MasterStart, now: number): MasterState => ({
  info,
  settings,
  startedAt: now,
  agents: new Map(),
  unreachableAgents: new Map(),
  recoveredAgents: new Set(recoveredAgents),
  frameworks: new Map(),
  completedFrameworks: new Map(),
  offers: new Map(),
  roleShares: new Map(),
  next: { framework: 0, agent: 0, offer: 0, random: seed },
  faults: { offersWithheld: false },
});

export type AgentMessage =
  | { readonly type: 'run-task'; readonly framework: FrameworkInfo; readonly task: TaskInfo; readonly role: string }
  | { readonly type: 'kill-task'; readonly frameworkId: string; readonly taskId: string; readonly killPolicy: KillPolicy | undefined }
  | { readonly type: 'acknowledge'; readonly frameworkId: string; readonly taskId: string; readonly uuid: string }
  | { readonly type: 'shutdown-framework'; readonly frameworkId: string }
  | { readonly type: 'update-framework'; readonly framework: FrameworkInfo };

export type MasterEffect =
  | { readonly type: 'event'; readonly stream: string; readonly event: Event }
  | { readonly type: 'close-stream'; readonly stream: string }
  | { readonly type: 'agent-message'; readonly agentId: string; readonly message: AgentMessage }
  | { readonly type: 'log'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

/** What an agent tells of a task when it registers again. */
export interface ReportedTask {
  readonly framework: FrameworkInfo;
  readonly info: TaskInfo;
  readonly role: string;
  readonly state: TaskState;
  readonly lastStatus: TaskStatus | undefined;
}

/** One step's time and what is to be done after it, in order. */
export interface Turn {
  readonly now: number;
  readonly effects: MasterEffect[];
}

export const taskKey = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;

export function sendEvent(framework: FrameworkRecord, event: Event, turn: Turn): void {
  if (framework.stream !== undefined) turn.effects.push({ type: 'event', stream: framework.stream, event });
}

export const sendToAgent = (agentId: string, message: AgentMessage, turn: Turn): void => {
  turn.effects.push({ type: 'agent-message', agentId, message });
};

export const logLine = (message: string, fields: Readonly<Record<string, unknown>>, turn: Turn): void => {
  turn.effects.push({ type: 'log', message, fields });
};
