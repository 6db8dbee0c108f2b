import type { Offer, TaskInfo, TaskStatus } from '@streams-on-mesos/mesos';
import type { SchedulerCall } from '@streams-on-mesos/messages';
import { fromMaster, offer, reconciliation, status } from '../testing/builders.js';
import { ModelAgent, type ModelTask } from './model-agent.js';
import type { Random } from './random.js';

/** What a subscriber is sent. */
export type MesosEvent =
  | { readonly type: 'offers'; readonly offers: Offer[] }
  | { readonly type: 'rescind'; readonly offerId: string }
  | { readonly type: 'failure'; readonly agentId: string }
  | { readonly type: 'update'; readonly status: TaskStatus };

export type Subscriber = (event: MesosEvent) => void;

interface OutstandingOffer {
  readonly id: string;
  readonly agent: ModelAgent;
  readonly cpus: number;
  readonly mem: number;
}

const quantity = (task: TaskInfo, name: string): number =>
  (task.resources ?? []).reduce((sum, entry) => sum + (entry.name === name ? Math.round((entry.scalar?.value ?? 0) * 1000) : 0), 0);

/** A Mesos master and its agents: as much of them as a framework can tell from outside. Quantities in thousandths. */
export class ModelMesos {
  agents: ModelAgent[];
  readonly tasks = new Map<string, ModelTask>();
  /** Every offer ever made, for the observer. */
  readonly allOffers = new Map<string, OutstandingOffer>();
  frameworkId = 'framework-1';
  #outstanding = new Map<string, OutstandingOffer>();
  #subscriber: Subscriber | undefined;
  #suppressed = true;
  #filters = new Map<ModelAgent, { until: number; cpus: number; mem: number }>();
  /** The registry is in memory only: after a failover the master knows no agent that has not come back. */
  #forgetful = false;
  #unreachable = new Set<string>();
  #counter = 0;

  constructor(
    readonly random: Random,
    readonly now: () => number,
    agentCount: number,
  ) {
    this.agents = Array.from({ length: agentCount }, (_, index) => new ModelAgent(`agent-${index}`, index === 0));
  }

  get connected(): boolean {
    return this.#subscriber !== undefined;
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscriber = subscriber;
    this.#outstanding.clear();
    this.#suppressed = true;
    for (const task of this.tasks.values()) task.sentAt = undefined;
  }

  disconnect(): void {
    this.#subscriber = undefined;
    this.#outstanding.clear();
  }

  suppress(): void {
    this.#suppressed = true;
  }

  revive(): void {
    this.#suppressed = false;
    this.#filters.clear();
  }

  /** One allocation cycle. */
  allocate(): void {
    if (this.#suppressed || this.#subscriber === undefined) return;
    const offers: Offer[] = [];
    for (const agent of this.agents) {
      if (!agent.up || !agent.registered) continue;
      const { cpus, mem } = this.#free(agent);
      const filter = this.#filters.get(agent);
      const refused = filter !== undefined && this.now() < filter.until && cpus <= filter.cpus && mem <= filter.mem;
      if (cpus < 10 || mem < 32_000 || refused) continue;
      this.#counter += 1;
      const id = `offer-${this.#counter}`;
      const made = { id, agent, cpus, mem };
      this.#outstanding.set(id, made);
      this.allOffers.set(id, made);
      offers.push(offer(id, { agent: agent.id, cpus: cpus / 1000, mem: mem / 1000 }));
    }
    if (offers.length > 0) this.#subscriber({ type: 'offers', offers });
  }

  #free(agent: ModelAgent): { cpus: number; mem: number } {
    let { cpus, mem } = agent;
    for (const use of [...this.tasks.values(), ...this.#outstanding.values()]) {
      if (use.agent !== agent || ('alive' in use && !use.alive)) continue;
      cpus -= use.cpus;
      mem -= use.mem;
    }
    return { cpus, mem };
  }

  call(call: SchedulerCall): void {
    if (call.accept !== undefined) this.#accept(call.accept);
    else if (call.decline !== undefined) this.#decline(call.decline);
    else if (call.kill !== undefined) this.#kill(call.kill);
    else if (call.reconcile !== undefined) this.#reconcile(call.reconcile);
  }

  #decline({ offer_ids: ids = [], refuse_seconds: secs = 5 }: SchedulerCall.Decline): void {
    for (const id of ids) {
      const declined = this.#outstanding.get(id);
      if (declined === undefined) continue;
      this.#outstanding.delete(id);
      this.#filters.set(declined.agent, { until: this.now() + secs * 1000, cpus: declined.cpus, mem: declined.mem });
    }
  }

  #accept({ offer_ids: ids = [], operations = [], refuse_seconds: secs }: SchedulerCall.Accept): void {
    const infos = operations.flatMap((operation) => operation.launch?.task_infos ?? []);
    const used = this.#outstanding.get(ids[0] ?? '');
    let { cpus, mem } = used ?? { cpus: 0, mem: 0 };
    for (const info of infos) {
      const id = info.task_id.value;
      const task = { cpus: quantity(info, 'cpus'), mem: quantity(info, 'mem') };
      if (used === undefined) this.#tell(status(id, 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' }));
      else if (this.tasks.has(id) || task.cpus > cpus || task.mem > mem) {
        this.#tell(status(id, 'TASK_ERROR', { ...fromMaster, reason: 'REASON_TASK_INVALID' }));
      } else {
        cpus -= task.cpus;
        mem -= task.mem;
        this.launch(id, used.agent, task);
      }
    }
    this.#decline({ offer_ids: ids, refuse_seconds: secs });
  }

  launch(id: string, agent: ModelAgent, { cpus, mem }: { cpus: number; mem: number }): void {
    this.tasks.set(id, {
      id,
      agent,
      agentId: agent.id,
      cpus,
      mem,
      state: 'TASK_STAGING',
      alive: true,
      updates: [],
      sentAt: undefined,
      doomed: false,
    });
  }

  #kill({ task_id: id, agent_id: agentId }: SchedulerCall.Kill): void {
    const task = this.tasks.get(id);
    if (task === undefined || !this.#knows(task)) this.#answer(id, agentId);
    else task.doomed = true;
  }

  #reconcile({ tasks = [] }: SchedulerCall.Reconcile): void {
    for (const { task_id: id, agent_id: agentId } of tasks) this.#answer(id, agentId);
    if (tasks.length > 0) return;
    for (const task of this.tasks.values()) if (this.#knows(task)) this.#answer(task.id, task.agentId);
  }

  #knows(task: ModelTask): boolean {
    return task.agent.registered && task.agent.id === task.agentId;
  }

  /** What a master answers, as in docs/reconciliation.md. */
  #answer(id: string, agentId: string | undefined): void {
    const task = this.tasks.get(id);
    const agent = this.agents.find((candidate) => candidate.id === agentId);
    if (task !== undefined && this.#knows(task)) this.#tell(status(id, task.state, reconciliation));
    else if (agentId !== undefined && this.#unreachable.has(agentId)) this.#tell(status(id, 'TASK_UNREACHABLE', reconciliation));
    else if (agent?.registered === true) this.#tell(status(id, 'TASK_GONE', reconciliation));
    else if (agent === undefined || this.#forgetful) this.#tell(status(id, 'TASK_UNKNOWN', reconciliation));
  }

  /** From the master itself: said once, without acknowledgement. */
  #tell(told: TaskStatus): void {
    this.#subscriber?.({ type: 'update', status: told });
  }

  /** A task has an update to tell; it is repeated until it is acknowledged. */
  forwardUpdates(): void {
    for (const task of this.tasks.values()) {
      const update = task.updates[0];
      if (update === undefined || !task.agent.up || !this.#knows(task) || this.#subscriber === undefined) continue;
      if (task.sentAt !== undefined && this.now() - task.sentAt < 10_000) continue;
      task.sentAt = this.now();
      task.state = update.state;
      this.#subscriber({ type: 'update', status: { ...update, agent_id: { value: task.agentId } } });
    }
  }

  acknowledge(taskId: string, uuid: string): void {
    const task = this.tasks.get(taskId);
    if (task?.updates[0]?.uuid !== uuid) return;
    task.updates.shift();
    task.sentAt = undefined;
    if (!task.alive && task.updates.length === 0) this.tasks.delete(taskId);
  }

  /** Something happens to a task by itself. */
  runTask(task: ModelTask, state: TaskStatus['state']): void {
    this.#counter += 1;
    task.updates.push(status(task.id, state, { uuid: `uuid-${this.#counter}` }));
    if (state !== 'TASK_RUNNING') task.alive = false;
  }

  /** The master has not heard of an agent for long. */
  loseAgent(agent: ModelAgent): void {
    agent.up = false;
    if (!agent.registered) return;
    agent.registered = false;
    this.#unreachable.add(agent.id);
    for (const [id, { agent: of }] of this.#outstanding) {
      if (of !== agent) continue;
      this.#outstanding.delete(id);
      this.#subscriber?.({ type: 'rescind', offerId: id });
    }
    this.#subscriber?.({ type: 'failure', agentId: agent.id });
    for (const task of this.tasks.values())
      if (task.agent === agent && task.agentId === agent.id) this.#tell(status(task.id, 'TASK_UNREACHABLE', fromMaster));
  }

  /** It comes back with its tasks, or from a reboot without any, under another id. */
  returnAgent(agent: ModelAgent, rebooted: boolean): void {
    agent.up = true;
    if (rebooted) {
      for (const task of [...this.tasks.values()]) if (task.agent === agent) this.tasks.delete(task.id);
      this.#unreachable.add(agent.id);
      agent.reboot();
    } else {
      this.#unreachable.delete(agent.id);
    }
    if (agent.registered) return;
    agent.registered = true;
    for (const task of this.tasks.values()) {
      if (task.agent !== agent) continue;
      task.sentAt = undefined;
      this.#tell(status(task.id, task.state, { ...fromMaster, reason: 'REASON_AGENT_REREGISTERED' }));
    }
  }

  /** Another master takes over: the stream ends, offers are void, agents have to register again. */
  failOver(): void {
    this.disconnect();
    this.#filters.clear();
    this.#forgetful = this.random.chance(0.5);
    if (this.#forgetful) this.#unreachable.clear();
    for (const agent of this.agents) agent.registered = false;
  }

  /** The framework was removed: its tasks are ended and its id is never accepted again. */
  removeFramework(): void {
    this.disconnect();
    this.tasks.clear();
    this.frameworkId = `framework-${Number(this.frameworkId.slice('framework-'.length)) + 1}`;
  }
}
