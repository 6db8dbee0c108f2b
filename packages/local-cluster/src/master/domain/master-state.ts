// What a Mesos master keeps in memory. Changed in place within a turn by its only owner, `Master`.
import type { ExecutorInfo, FrameworkInfo, MasterInfo, Offer, OfferConstraints, OperationStatus } from '../../generated/protocol.js';
import type { AgentInfo } from '../../network/messages.js';
import { Deadlines } from '../../collections/deadlines.js';
import type { Resources } from '../../resources/resources.js';
import { newSorter, type Sorter, type Totals } from './allocator/sorter.js';
import type { MasterSettings } from './master-settings.js';
import type { DrainRecord, MachineRecord, MaintenanceAnswers, MaintenanceSchedule, Unavailability } from './maintenance/records.js';
import type { Task } from './task.js';

export interface AgentRecord {
  readonly id: string;
  info: AgentInfo;
  /** Its process's address. */
  pid: string;
  /** The link to it stands; while it doesn't its offers are rescinded and none are made (master.hpp, Slave::connected). */
  connected: boolean;
  /** Offers are made of it: it is connected, and neither draining nor deactivated by the operator (Slave::active). */
  active: boolean;
  /** What it has, with the reservations that were made on it. */
  total: Resources;
  /** Neither offered nor allocated. */
  available: Resources;
  readonly tasks: Map<string, Task>;
  /** Of task groups, by `executorKey`. A command task's own executor is not among them. */
  readonly executors: Map<string, ExecutorRecord>;
  readonly offers: Map<string, OfferRecord>;
  readonly inverseOffers: Map<string, InverseOfferRecord>;
  readonly operations: Map<string, OperationRecord>;
  /** By `taskKey`: that are to be killed, lest the kill be lost with the connection (Slave::killedTasks). */
  readonly killedTasks: Set<string>;
  /** The last ping has no answer yet. */
  pinged: boolean;
  /** Pings in a row without an answer. */
  missedPings: number;
  readonly registeredAt: number;
  reregisteredAt: number | undefined;
}

export interface ExecutorRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly info: ExecutorInfo;
  readonly role: string;
  readonly resources: Resources;
}

export interface InverseOfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly unavailability: Unavailability;
  readonly madeAt: number;
}

/** An operation other than a launch, from its acceptance to the acknowledgement of its end. */
export interface OperationRecord {
  readonly uuid: string;
  /** undefined: the operator's. */
  readonly frameworkId: string | undefined;
  readonly agentId: string;
  readonly info: Offer.Operation;
  latestStatus: OperationStatus;
}

export interface OfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly resources: Resources;
  readonly madeAt: number;
}

/** Resources that a framework refused on an agent, and until when (epoch ms). */
export interface RefusedFilter {
  readonly resources: Resources;
  readonly expiresAt: number;
  /** What it was found to hold for last. */
  covered: Resources | undefined;
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  roles: string[];
  /** recovered: known from its tasks only, after a master's restart. */
  state: 'recovered' | 'active' | 'disconnected';
  readonly executors: Map<string, ExecutorRecord>;
  readonly inverseOffers: Map<string, InverseOfferRecord>;
  /** The Mesos-Stream-Id of its subscription, while it has one. */
  stream: string | undefined;
  suppressedRoles: Set<string>;
  constraints: OfferConstraints | undefined;
  /** role → agent → filters */
  readonly filters: Map<string, Map<string, RefusedFilter[]>>;
  /** agent → until when (epoch ms) it is not asked to leave it */
  readonly inverseOfferFilters: Map<string, number>;
  readonly tasks: Map<string, Task>;
  readonly unreachableTasks: Map<string, Task>;
  completedTasks: Task[];
  readonly offers: Map<string, OfferRecord>;
  registeredAt: number;
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
  /** address of an agent's process → agent */
  readonly agentIds: Map<string, string>;
  /** agent → since when, in ns of the epoch */
  readonly unreachableAgents: Map<string, number>;
  /** Agents of the replicated registry that have not come back since this master took over. */
  readonly recoveredAgents: Set<string>;
  /** Taken away by the operator, never to come back: agent → since when, in ns of the epoch. */
  readonly goneAgents: Map<string, number>;
  /** Agents that the operator took out of the offers, or is draining, whether they are here or not. */
  readonly deactivatedAgents: Set<string>;
  maintenanceSchedule: MaintenanceSchedule;
  readonly drainingAgents: Map<string, DrainRecord>;
  /** agent → when it is pinged next (epoch ms). */
  readonly pings: Deadlines;
  /** Disconnected agent → when it is unreachable although it answers pings (epoch ms). */
  readonly reregisterDeadlines: Deadlines;
  /** When `recoveredAgents` that have not come back are unreachable (epoch ms). */
  recoveryDeadline: number | undefined;
  /** By `machineKey`. */
  readonly machines: Map<string, MachineRecord>;
  /** By agent; there are none for an agent without maintenance. */
  readonly maintenanceAnswers: Map<string, MaintenanceAnswers>;
  readonly inverseOffers: Map<string, InverseOfferRecord>;
  readonly frameworks: Map<string, FrameworkRecord>;
  readonly completedFrameworks: Map<string, FrameworkRecord>;
  readonly offers: Map<string, OfferRecord>;
  /** Thousandths of each scalar that the agents have together. */
  readonly totals: Totals;
  readonly roleSorter: Sorter;
  /** role → the frameworks that are subscribed with it, or hold something of it */
  readonly frameworkSorters: Map<string, Sorter>;
  /** Agents that are offered when the turn has ended; see `requestAllocation`. */
  readonly allocation: { all: boolean; readonly agents: Set<string> };
  readonly next: { framework: number; agent: number; offer: number; operation: number; random: number };
  /** What was done to the books within this turn, for those who watch: tasks that came or took in a status, agents that came or went. */
  readonly changed: { readonly tasks: Set<Task>; readonly agents: Set<string> };
  /** agent → tasks that became unreachable with it; some may have left the books since */
  readonly unreachableWith: Map<string, Set<Task>>;
  /** Broken on purpose. */
  readonly faults: { offersWithheld: boolean };
}

export interface MasterStart {
  readonly info: MasterInfo;
  readonly settings: MasterSettings;
  /** Any integer; the order in which agents are offered follows from it. */
  readonly seed: number;
  /** What the registry holds of agents; an in-memory registry holds nothing. */
  readonly recoveredAgents?: Iterable<string>;
  readonly unreachableAgents?: Iterable<readonly [agentId: string, sinceNs: number]>;
  readonly goneAgents?: Iterable<readonly [agentId: string, sinceNs: number]>;
  readonly deactivatedAgents?: Iterable<string>;
  readonly drainingAgents?: Iterable<readonly [agentId: string, drain: DrainRecord]>;
  readonly maintenanceSchedule?: MaintenanceSchedule;
  /** Those that are not UP, by `machineKey`. */
  readonly machines?: Iterable<readonly [key: string, machine: MachineRecord]>;
}

export const newMaster = (
  {
    info,
    settings,
    seed,
    recoveredAgents = [],
    unreachableAgents = [],
    goneAgents = [],
    deactivatedAgents = [],
    drainingAgents = [],
    maintenanceSchedule = {},
    machines = [],
  }: MasterStart,
  now: number,
): MasterState => ({
  info,
  settings,
  startedAt: now,
  agents: new Map(),
  agentIds: new Map(),
  unreachableAgents: new Map(unreachableAgents),
  recoveredAgents: new Set(recoveredAgents),
  goneAgents: new Map(goneAgents),
  deactivatedAgents: new Set(deactivatedAgents),
  drainingAgents: new Map(drainingAgents),
  pings: new Deadlines(),
  reregisterDeadlines: new Deadlines(),
  recoveryDeadline: now + settings.agentReregisterTimeoutMs,
  maintenanceSchedule,
  machines: new Map(machines),
  maintenanceAnswers: new Map(),
  inverseOffers: new Map(),
  frameworks: new Map(),
  completedFrameworks: new Map(),
  offers: new Map(),
  totals: { milli: new Map(), version: 0 },
  roleSorter: newSorter(),
  frameworkSorters: new Map(),
  allocation: { all: false, agents: new Set() },
  next: { framework: 0, agent: 0, offer: 0, operation: 0, random: seed },
  changed: { tasks: new Set(), agents: new Set() },
  unreachableWith: new Map(),
  faults: { offersWithheld: false },
});

export const executorKey = (frameworkId: string, executorId: string): string => `${frameworkId} ${executorId}`;

export const taskKey = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;
