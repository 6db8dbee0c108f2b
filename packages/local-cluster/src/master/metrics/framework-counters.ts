// What is counted of each framework (src/master/metrics.cpp, FrameworkMetrics; --publish_per_framework_metrics).
import type { Call, Event, Offer } from '../../generated/protocol.js';
import type { FrameworkRecord, MasterState } from '../domain/master-state.js';
import type { Turn } from '../domain/turn.js';
import type { CallAnswer } from '../domain/scheduler-calls.js';
import type { Task } from '../domain/task.js';

const CALLS = [
  'accept',
  'accept_inverse_offers',
  'acknowledge',
  'acknowledge_operation_status',
  'decline',
  'decline_inverse_offers',
  'kill',
  'message',
  'reconcile',
  'reconcile_operations',
  'request',
  'revive',
  'shutdown',
  'subscribe',
  'suppress',
  'teardown',
  'update_framework',
];

const EVENTS = [
  'error',
  'failure',
  'heartbeat',
  'inverse_offers',
  'message',
  'offers',
  'rescind',
  'rescind_inverse_offer',
  'subscribed',
  'update',
  'update_operation_status',
];

const OPERATIONS = [
  'create',
  'create_disk',
  'destroy',
  'destroy_disk',
  'grow_volume',
  'launch',
  'launch_group',
  'reserve',
  'shrink_volume',
  'unreserve',
];

const ACTIVE = ['killing', 'running', 'staging', 'starting', 'unknown', 'unreachable'];
const ENDED = ['dropped', 'error', 'failed', 'finished', 'gone', 'gone_by_operator', 'killed', 'lost'];

interface Counted {
  readonly counts: Map<string, number>;
  /** Since when its stream has heartbeats. */
  heartbeatsSince: number | undefined;
}

const newCounted = (): Counted => {
  const names = [
    'calls',
    ...CALLS.map((call) => `calls/${call}`),
    'events',
    ...EVENTS.map((event) => `events/${event}`),
    ...['accepted', 'declined', 'rescinded', 'sent'].map((fate) => `offers/${fate}`),
    'operations',
    ...OPERATIONS.map((operation) => `operations/${operation}`),
  ];
  return { counts: new Map(names.map((name) => [name, 0])), heartbeatsSince: undefined };
};

export class FrameworkCounters {
  private readonly counted = new Map<string, Counted>();
  /** The stream of a framework that was removed in the same turn is no longer in its record. */
  private readonly streams = new Map<string, FrameworkRecord>();

  constructor(private readonly state: MasterState) {}

  byStream(stream: string): FrameworkRecord | undefined {
    return this.streams.get(stream);
  }

  called(call: Call, answer: CallAnswer | undefined): void {
    const id = call.type === 'SUBSCRIBE' ? this.newestSubscriber(call) : call.framework_id?.value;
    if (id === undefined || call.type === undefined || (answer !== undefined && answer.status >= 400)) return;
    this.count(id, 'calls');
    this.count(id, `calls/${call.type.toLowerCase()}`);
    if (call.decline !== undefined) this.count(id, 'offers/declined', (call.decline.offer_ids ?? []).length);
    if (call.accept !== undefined) this.accepted(id, call.accept);
  }

  decided(turn: Turn): void {
    for (const framework of this.state.frameworks.values())
      if (framework.stream !== undefined && !this.streams.has(framework.stream)) this.streams.set(framework.stream, framework);
    for (const effect of turn.effects) {
      if (effect.type === 'event') this.sent(effect.stream, effect.event, turn.now);
      if (effect.type === 'close-stream') this.streams.delete(effect.stream);
    }
  }

  /** `master/frameworks/<name>/<id>/…` */
  metrics(now: number): Record<string, number> {
    const metrics: Record<string, number> = {};
    for (const framework of [...this.state.completedFrameworks.values(), ...this.state.frameworks.values()]) {
      const prefix = `master/frameworks/${encodeURIComponent(framework.info.name)}/${framework.id}`;
      const { counts, heartbeatsSince } = this.of(framework.id);
      for (const [name, count] of counts) metrics[`${prefix}/${name}`] = count;
      const beats = heartbeatsSince === undefined ? 0 : 1 + Math.floor((now - heartbeatsSince) / this.heartbeatMs());
      for (const name of ['events', 'events/heartbeat']) metrics[`${prefix}/${name}`] = (counts.get(name) ?? 0) + beats;
      metrics[`${prefix}/subscribed`] = framework.stream === undefined ? 0 : 1;
      for (const role of framework.roles) metrics[`${prefix}/roles/${role}/suppressed`] = framework.suppressedRoles.has(role) ? 1 : 0;
      const tasks = [...framework.tasks.values(), ...framework.unreachableTasks.values(), ...framework.completedTasks];
      for (const [name, count] of this.taskStates(tasks)) metrics[`${prefix}/tasks/${name}`] = count;
    }
    return metrics;
  }

  private taskStates(tasks: readonly Task[]): Map<string, number> {
    const states = new Map<string, number>();
    for (const state of ACTIVE) states.set(`active/task_${state}`, 0);
    for (const state of ENDED) states.set(`terminal/task_${state}`, 0);
    for (const { state } of tasks) {
      const short = state.slice('TASK_'.length).toLowerCase();
      const name = `${ENDED.includes(short) ? 'terminal' : 'active'}/task_${short}`;
      states.set(name, (states.get(name) ?? 0) + 1);
    }
    return states;
  }

  private heartbeatMs(): number {
    return this.state.settings.heartbeatIntervalSeconds * 1000;
  }

  private sent(stream: string, { type = 'UNKNOWN', offers }: Event, now: number): void {
    const id = this.streams.get(stream)?.id;
    if (id === undefined) return;
    this.count(id, 'events');
    this.count(id, `events/${type.toLowerCase()}`);
    if (type === 'SUBSCRIBED') this.of(id).heartbeatsSince = now;
    if (type === 'RESCIND') this.count(id, 'offers/rescinded');
    if (offers !== undefined) this.count(id, 'offers/sent', (offers.offers ?? []).length);
  }

  private accepted(id: string, { offer_ids = [], operations = [] }: Call.Accept): void {
    this.count(id, 'offers/accepted', offer_ids.length);
    for (const { type } of operations) {
      this.count(id, 'operations');
      this.count(id, `operations/${operationName(type)}`);
    }
  }

  /** Refused ones have no framework. */
  private newestSubscriber({ subscribe }: Call): string | undefined {
    const given = subscribe?.framework_info.id?.value;
    if (given !== undefined && given !== '') return this.state.frameworks.has(given) ? given : undefined;
    return [...this.state.frameworks.values()].findLast(({ info }) => info.name === subscribe?.framework_info.name)?.id;
  }

  private of(id: string): Counted {
    const known = this.counted.get(id);
    if (known !== undefined) return known;
    const counted = newCounted();
    this.counted.set(id, counted);
    return counted;
  }

  private count(id: string, name: string, by = 1): void {
    const { counts } = this.of(id);
    counts.set(name, (counts.get(name) ?? 0) + by);
  }
}

const operationName = (type: Offer.Operation['type']): string => (type ?? 'unknown').toLowerCase();
