// What a master has counted since it began (src/master/metrics.cpp; where master.cpp increments what is said at each).
import type { Call, TaskState, TaskStatus } from '../../generated/protocol.js';
import type { ToMaster } from '../../network/messages.js';
import type { MasterState } from '../domain/master-state.js';
import type { Turn } from '../domain/turn.js';
import type { CallAnswer } from '../domain/scheduler-calls.js';
import { isTerminal, type Task } from '../domain/task.js';
import type { MasterObserver } from '../observer.js';
import { FrameworkCounters } from './framework-counters.js';

const MESSAGES = [
  'authenticate',
  'deactivate_framework',
  'decline_offers',
  'executor_to_framework',
  'exited_executor',
  'framework_to_executor',
  'kill_task',
  'launch_tasks',
  'operation_status_update',
  'operation_status_update_acknowledgement',
  'reconcile_operations',
  'reconcile_tasks',
  'register_framework',
  'register_slave',
  'reregister_framework',
  'reregister_slave',
  'resource_request',
  'revive_offers',
  'status_update',
  'status_update_acknowledgement',
  'suppress_offers',
  'unregister_framework',
  'unregister_slave',
  'update_slave',
] as const;
type MessageName = (typeof MESSAGES)[number];

const JUDGED = [
  'executor_to_framework_messages',
  'framework_to_executor_messages',
  'operation_status_update_acknowledgements',
  'operation_status_updates',
  'status_update_acknowledgements',
  'status_updates',
] as const;
type JudgedName = (typeof JUDGED)[number];

const OTHERS = [
  'dropped_messages',
  'http_cache_hits',
  'recovery_slave_removals',
  'slave_registrations',
  'slave_removals',
  'slave_removals/reason_registered',
  'slave_removals/reason_unhealthy',
  'slave_removals/reason_unregistered',
  'slave_reregistrations',
  'slave_shutdowns_canceled',
  'slave_shutdowns_completed',
  'slave_shutdowns_scheduled',
  'slave_unreachable_canceled',
  'slave_unreachable_completed',
  'slave_unreachable_scheduled',
] as const;

const ENDS = ['dropped', 'error', 'failed', 'finished', 'gone', 'gone_by_operator', 'killed', 'lost'] as const;

const NAMES = [
  ...MESSAGES.map((name) => `messages_${name}`),
  ...JUDGED.flatMap((name) => [`valid_${name}`, `invalid_${name}`]),
  ...OTHERS,
  ...ENDS.map((end) => `tasks_${end}`),
];

const MESSAGE_OF_CALL: Partial<Record<Call.Type, MessageName>> = {
  TEARDOWN: 'unregister_framework',
  KILL: 'kill_task',
  ACKNOWLEDGE: 'status_update_acknowledgement',
  ACKNOWLEDGE_OPERATION_STATUS: 'operation_status_update_acknowledgement',
  RECONCILE: 'reconcile_tasks',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  DECLINE: 'decline_offers',
  REVIVE: 'revive_offers',
  SUPPRESS: 'suppress_offers',
  REQUEST: 'resource_request',
  MESSAGE: 'framework_to_executor',
};

const MESSAGE_OF_AGENT: Partial<Record<ToMaster['type'], MessageName>> = {
  register: 'register_slave',
  reregister: 'reregister_slave',
  unregister: 'unregister_slave',
  'status-update': 'status_update',
  'exited-executor': 'exited_executor',
  'executor-message': 'executor_to_framework',
  'operation-status': 'operation_status_update',
};

/** Metrics have kept the older name of agents. */
const olderName = (name: string): string => name.toLowerCase().replaceAll('agent', 'slave');

const isEnd = (state: TaskState): boolean => isTerminal(state) || state === 'TASK_UNREACHABLE';

export class MasterCounters implements MasterObserver {
  readonly frameworks: FrameworkCounters;
  private readonly counts = new Map<string, number>(NAMES.map((name) => [name, 0]));
  /** Tasks whose end is counted, with the state that counted. */
  private readonly ended = new WeakMap<Task, TaskState>();
  private completed = new Set<string>();
  private readonly agents = new Set<string>();

  constructor(private readonly state: MasterState) {
    this.frameworks = new FrameworkCounters(state);
  }

  /** Without `master/`. */
  all(): ReadonlyMap<string, number> {
    return this.counts;
  }

  called(call: Call, answer: CallAnswer | undefined): void {
    this.frameworks.called(call, answer);
    if (call.type === 'SUBSCRIBE')
      return this.count(this.isNewcomer(call) ? 'messages_register_framework' : 'messages_reregister_framework');
    if (answer === undefined || answer.status >= 300) return;
    const name = call.type === undefined ? undefined : MESSAGE_OF_CALL[call.type];
    if (name !== undefined) this.count(`messages_${name}`);
    if (call.type === 'ACKNOWLEDGE')
      this.judge('status_update_acknowledgements', this.state.agents.has(call.acknowledge?.agent_id.value ?? ''));
    if (call.type === 'MESSAGE') this.judge('framework_to_executor_messages', this.state.agents.has(call.message?.agent_id.value ?? ''));
    if (call.type === 'ACCEPT') this.accepted(call.accept ?? {});
  }

  received(message: ToMaster): void {
    const name = MESSAGE_OF_AGENT[message.type];
    if (name !== undefined) this.count(`messages_${name}`);
    switch (message.type) {
      case 'status-update':
        return this.judge('status_updates', this.state.agents.has(message.update.agentId));
      case 'executor-message':
        return this.judge('executor_to_framework_messages', this.state.frameworks.has(message.frameworkId));
      case 'operation-status':
        return this.judge('operation_status_updates', this.state.agents.has(message.agentId));
      case 'register':
      case 'reregister':
        // An agent says UPDATE_SLAVE after either, since what it has may have changed meanwhile.
        return this.count('messages_update_slave');
    }
  }

  decided(turn: Turn): void {
    this.frameworks.decided(turn);
    for (const effect of turn.effects) {
      if (effect.type === 'event' && effect.event.update !== undefined) this.told(effect.stream, effect.event.update.status);
      const isAnswer = effect.type === 'agent-message' && (effect.message.type === 'registered' || effect.message.type === 'reregistered');
      if (isAnswer) this.answered(effect.agentId);
    }
    this.countRemovedFrameworks();
    // As long as there are as many, none is gone: those that are new were counted above. There can be very many.
    if (this.agents.size > this.state.agents.size) this.countRemovedAgents();
  }

  /** Counts how the tasks of a decision ended, which a framework was told or, away or removed, was not. */
  private told(stream: string, status: TaskStatus): void {
    const framework = this.frameworks.byStream(stream);
    const id = status.task_id.value;
    const task =
      framework?.tasks.get(id) ?? framework?.unreachableTasks.get(id) ?? framework?.completedTasks.findLast((one) => one.id === id);
    if (task !== undefined) this.countEnd(task);
    else if (status.source === 'SOURCE_MASTER' && isTerminal(status.state) && status.reason !== 'REASON_RECONCILIATION')
      this.countStatus(status);
  }

  private countEnd(task: Task): void {
    const status = task.statuses.at(-1);
    if (status === undefined || !isEnd(task.state) || this.ended.get(task) === task.state) return;
    this.ended.set(task, task.state);
    this.countStatus({ ...status, state: task.state });
  }

  private countStatus({ state, source, reason }: TaskStatus): void {
    const short = state.slice('TASK_'.length).toLowerCase();
    if (isTerminal(state)) this.count(`tasks_${short}`);
    if (reason !== undefined && source !== undefined) this.count(`task_${short}/${olderName(source)}/${olderName(reason)}`);
  }

  private countRemovedFrameworks(): void {
    for (const [id, { completedTasks }] of this.state.completedFrameworks) {
      if (this.completed.has(id)) continue;
      this.completed.add(id);
      for (const task of completedTasks) this.countEnd(task);
    }
  }

  /** Both answers go to agents that are on the books already, too. */
  private answered(agentId: string): void {
    const agent = this.state.agents.get(agentId);
    if (agent === undefined || this.agents.has(agentId)) return;
    this.agents.add(agentId);
    this.count(agent.reregisteredAt === undefined ? 'slave_registrations' : 'slave_reregistrations');
  }

  private countRemovedAgents(): void {
    for (const id of this.agents) {
      if (this.state.agents.has(id)) continue;
      this.agents.delete(id);
      this.count('slave_removals');
      if (!this.state.unreachableAgents.has(id)) continue;
      for (const name of ['slave_removals/reason_unhealthy', 'slave_unreachable_scheduled', 'slave_unreachable_completed'])
        this.count(name);
    }
    // Whoever is here was told of his tasks, which were counted with that.
    for (const { stream, tasks, unreachableTasks, completedTasks } of this.state.frameworks.values())
      if (stream === undefined)
        for (const task of [...tasks.values(), ...unreachableTasks.values(), ...completedTasks]) this.countEnd(task);
  }

  private accepted({ operations = [] }: Call.Accept): void {
    if (operations.length === 0) return this.count('messages_decline_offers');
    for (const { type, launch } of operations)
      if (type === 'LAUNCH') this.count((launch?.task_infos ?? []).length > 0 ? 'messages_launch_tasks' : 'messages_decline_offers');
  }

  private isNewcomer(call: Call): boolean {
    return (call.subscribe?.framework_info.id?.value ?? '') === '';
  }

  private judge(name: JudgedName, isValid: boolean): void {
    this.count(`${isValid ? 'valid' : 'invalid'}_${name}`);
  }

  private count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
