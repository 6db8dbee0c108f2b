import type { TaskInfo, TaskStatus, Unavailability } from '@streams-on-mesos/mesos';
import type { SchedulerCall } from '@streams-on-mesos/messages';
import { fromMaster, reconciliation, status } from '../../testing/builders.js';
import { ModelAgent, type ModelTask } from './agent.js';
import { ModelAllocator } from './allocator.js';
import { ModelMaintenance } from './maintenance.js';
import type { Subscriber } from './mesos-event.js';
import type { Random } from './random.js';

const alive: readonly TaskStatus['state'][] = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];

/** A Mesos master and its agents: as much of them as a framework can tell from outside. */
export class ModelMesos {
  agents: ModelAgent[];
  readonly tasks = new Map<string, ModelTask>();
  readonly allocator: ModelAllocator;
  readonly maintenance: ModelMaintenance;
  frameworkId = 'framework-1';
  #subscriber: Subscriber | undefined;
  /** The registry is in memory only: after a failover the master knows no agent that has not come back. */
  #forgetful = false;
  #unreachable = new Set<string>();
  #goneByOperator = new Set<string>();
  #counter = 0;

  constructor(
    readonly random: Random,
    readonly now: () => number,
    agentCount: number,
  ) {
    this.agents = Array.from({ length: agentCount }, (_, index) => new ModelAgent(index, index === 0));
    this.allocator = new ModelAllocator(random, now);
    this.maintenance = new ModelMaintenance(now);
  }

  get connected(): boolean {
    return this.#subscriber !== undefined;
  }

  subscribe(subscriber: Subscriber): void {
    this.allocator.changed();
    this.#subscriber = subscriber;
    this.allocator.outstanding.clear();
    this.maintenance.clear();
    this.allocator.suppressAll();
    for (const task of this.tasks.values()) task.sentAt = undefined;
  }

  disconnect(): void {
    this.allocator.changed();
    this.#subscriber = undefined;
    this.allocator.outstanding.clear();
    this.maintenance.clear();
  }

  /** One allocation cycle. */
  allocate(): boolean {
    if (this.#subscriber === undefined) return false;
    const offers = this.allocator.cycle(this.agents, this.tasks.values(), this.frameworkId);
    if (offers.length > 0) this.#subscriber({ type: 'offers', offers });
    const inverseOffers = this.maintenance.cycle(this.agents, this.#inUse(), this.frameworkId);
    if (inverseOffers.length > 0) this.#subscriber({ type: 'inverse-offers', inverseOffers });
    return offers.length > 0 || inverseOffers.length > 0;
  }

  #inUse(): ReadonlySet<ModelAgent> {
    const tasks = [...this.tasks.values()].filter((task) => task.alive && this.#knows(task));
    return new Set([...tasks, ...this.allocator.outstanding.values()].map(({ agent }) => agent));
  }

  /** An operator plans maintenance of an agent, or undefined: ends it. Its offers, and what it is asked back by, are made anew. */
  plan(agent: ModelAgent, unavailability: Unavailability | undefined): boolean {
    agent.unavailability = unavailability;
    this.rescind(agent);
    this.#rescindInverse(agent);
    return true;
  }

  #rescindInverse(agent: ModelAgent): void {
    for (const inverseOfferId of this.maintenance.rescind(agent)) this.#subscriber?.({ type: 'rescind-inverse-offer', inverseOfferId });
  }

  /** Outstanding offers are taken back, as when their agent's resources change. */
  rescind(agent: ModelAgent): void {
    for (const offerId of this.allocator.rescind(agent)) this.#subscriber?.({ type: 'rescind', offerId });
  }

  call(call: SchedulerCall): void {
    if (call.accept !== undefined) this.#accept(call.accept);
    else if (call.decline !== undefined) this.#refuse(call.decline);
    else if (call.kill !== undefined) this.#kill(call.kill);
    else if (call.reconcile !== undefined) this.#reconcile(call.reconcile);
    else this.maintenance.onCall(call);
  }

  #refuse({ offer_ids: ids = [], refuse_seconds: secs = 5 }: SchedulerCall.Decline): void {
    for (const id of ids) this.allocator.refuse(id, secs);
  }

  #accept({ offer_ids: ids = [], operations = [], refuse_seconds: secs }: SchedulerCall.Accept): void {
    const infos = operations.flatMap((operation) => operation.launch?.task_infos ?? []);
    const used = ids.flatMap((id) => this.allocator.outstanding.get(id) ?? []);
    const agent = used[0]?.agent;
    const isValid = used.length === ids.length && used.every((one) => one.agent === agent);
    for (const info of infos) {
      const id = info.task_id.value;
      if (agent === undefined || !isValid) this.#tell(status(id, 'TASK_DROPPED', { ...fromMaster, reason: 'REASON_INVALID_OFFERS' }));
      else if (this.tasks.has(id) || this.random.chance(0.08))
        this.#tell(status(id, 'TASK_ERROR', { ...fromMaster, reason: 'REASON_TASK_INVALID' }));
      else this.launch(id, agent, info.resources ?? [], info.health_check !== undefined);
    }
    this.#refuse({ offer_ids: ids, ...(secs === undefined ? {} : { refuse_seconds: secs }) });
  }

  launch(id: string, agent: ModelAgent, resources: NonNullable<TaskInfo['resources']>, hasHealthCheck = false): void {
    this.allocator.changed();
    this.tasks.set(id, {
      id,
      agent,
      agentId: agent.id,
      resources,
      hasHealthCheck,
      state: 'TASK_STAGING',
      healthy: undefined,
      alive: true,
      updates: [],
      sentAt: undefined,
      doomed: false,
    });
  }

  #kill({ task_id: id, agent_id: agentId }: SchedulerCall.Kill): void {
    const task = this.tasks.get(id);
    if (task === undefined || !this.#knows(task)) this.#answer(id, agentId);
    else if (!task.doomed) {
      task.doomed = true;
      if (task.alive && task.agent.up && this.random.chance(0.5)) this.runTask(task, 'TASK_KILLING');
    }
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
    if (task !== undefined && this.#knows(task)) this.#tell(status(id, task.state, { ...reconciliation, healthy: task.healthy }));
    else if (agentId !== undefined && this.#goneByOperator.has(agentId)) this.#tell(status(id, 'TASK_GONE_BY_OPERATOR', reconciliation));
    else if (agentId !== undefined && this.#unreachable.has(agentId)) this.#tell(status(id, 'TASK_UNREACHABLE', reconciliation));
    else if (agent?.registered === true) this.#tell(status(id, 'TASK_GONE', reconciliation));
    else if (agent === undefined || this.#forgetful) this.#tell(status(id, 'TASK_UNKNOWN', reconciliation));
  }

  /** From the master itself: said once, without acknowledgement. */
  #tell(told: TaskStatus): void {
    this.#subscriber?.({ type: 'update', status: told });
  }

  /** A task has an update to tell; it is repeated until it is acknowledged. */
  forwardUpdates(): boolean {
    let forwarded = false;
    for (const task of this.tasks.values()) {
      const update = task.updates[0];
      if (update === undefined || !task.agent.up || !this.#knows(task) || this.#subscriber === undefined) continue;
      if (task.sentAt !== undefined && this.now() - task.sentAt < 10_000) continue;
      task.sentAt = this.now();
      forwarded = true;
      task.state = update.state;
      task.healthy = update.healthy ?? task.healthy;
      this.#subscriber({ type: 'update', status: { ...update, agent_id: { value: task.agentId } } });
    }
    return forwarded;
  }

  acknowledge(taskId: string, uuid: string): void {
    const task = this.tasks.get(taskId);
    if (task?.updates[0]?.uuid !== uuid) return;
    task.updates.shift();
    task.sentAt = undefined;
    if (!task.alive && task.updates.length === 0) this.tasks.delete(taskId);
  }

  /** Something happens to a task by itself. */
  runTask(task: ModelTask, state: TaskStatus['state'], healthy?: boolean): void {
    this.allocator.changed();
    this.#counter += 1;
    const health = healthy === undefined ? {} : { healthy };
    task.updates.push(status(task.id, state, { uuid: `uuid-${this.#counter}`, ...health }));
    if (!alive.includes(state)) task.alive = false;
  }

  /** The master has not heard of an agent for long. */
  loseAgent(agent: ModelAgent): void {
    this.allocator.changed();
    agent.up = false;
    if (!agent.registered) return;
    agent.registered = false;
    this.#unreachable.add(agent.id);
    this.rescind(agent);
    this.#rescindInverse(agent);
    this.#subscriber?.({ type: 'failure', agentId: agent.id });
    for (const task of this.tasks.values())
      if (task.agent === agent && task.agentId === agent.id)
        this.#tell(status(task.id, this.random.chance(0.6) ? 'TASK_UNREACHABLE' : 'TASK_LOST', fromMaster));
  }

  /** An operator says that the machine will never come back. */
  markGone(agent: ModelAgent): void {
    if (agent.registered) return;
    this.#goneByOperator.add(agent.id);
    for (const task of this.tasks.values())
      if (task.agent === agent && task.agentId === agent.id) this.#tell(status(task.id, 'TASK_GONE_BY_OPERATOR', fromMaster));
  }

  /** It comes back with its tasks, or from a reboot without any, under another id. */
  returnAgent(agent: ModelAgent, rebooted: boolean): void {
    this.allocator.changed();
    agent.up = true;
    if (rebooted || this.#goneByOperator.has(agent.id)) {
      for (const task of [...this.tasks.values()]) if (task.agent === agent) this.tasks.delete(task.id);
      this.#unreachable.add(agent.id);
      agent.reboot();
    } else {
      this.#unreachable.delete(agent.id);
    }
    if (agent.registered) return;
    agent.registered = true;
    for (const task of this.tasks.values()) {
      if (task.agent !== agent || !task.alive) continue;
      task.sentAt = undefined;
      this.#tell(status(task.id, task.state, { ...fromMaster, healthy: task.healthy, reason: 'REASON_AGENT_REREGISTERED' }));
    }
  }

  /** Another master takes over: the stream ends, offers are void, agents have to register again. */
  failOver(): void {
    this.allocator.changed();
    this.disconnect();
    this.allocator.revive();
    this.#forgetful = this.random.chance(0.5);
    if (this.#forgetful) this.#unreachable.clear();
    for (const agent of this.agents) agent.registered = false;
  }

  /** The framework was removed: its tasks are ended and its id is never accepted again. */
  removeFramework(): void {
    this.allocator.changed();
    this.disconnect();
    this.tasks.clear();
    this.frameworkId = `framework-${Number(this.frameworkId.slice('framework-'.length)) + 1}`;
  }
}
