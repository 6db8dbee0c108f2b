import type { TaskState } from '@streams-on-mesos/mesos';
import type { ClientEvent, SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect } from '../effects.js';
import type { DomainEvent, RequestBody } from '../events.js';
import type { Resource, Task } from '../model.js';
import type { TimerKind } from '../ticks.js';
import type { CrashPoint } from './model/allocation.js';

// What can occur, taken from the types: a new event, state or effect that is not named here does not compile.

type EventName = Exclude<DomainEvent['type'], 'request'> | `request ${RequestBody['kind']}`;
type CallName = Exclude<keyof SchedulerCall, 'allocation_term' | 'subscription'>;
type Question = Extract<Effect, { type: 'ask-hook' }>['question'];
type KeyOfEach<T> = T extends unknown ? keyof T : never;
export type EffectName = Exclude<Effect['type'], 'call' | 'log' | 'ask-hook'> | CallName | KeyOfEach<Question>;
export type Standing = `${Resource['state']} ${Resource['requestState']}`;
export type TaskStanding = 'none' | Task['phase'] | 'superseded';

const all = <Name extends string>(names: Record<Name, true>): Name[] => Object.keys(names) as Name[];

export const events = all<EventName>({
  leading: true,
  reconnected: true,
  tick: true,
  subscribed: true,
  unsubscribed: true,
  offers: true,
  rescinds: true,
  'inverse-offers': true,
  'rescinded-inverse-offers': true,
  failure: true,
  update: true,
  'call-answered': true,
  'request allocate': true,
  'request settle': true,
  'request release': true,
  'request cancel': true,
  'request query_resources': true,
  'request read_events': true,
  'request validate_stop': true,
  'put-config': true,
  'kill-unknown-tasks': true,
  'adopt-unknown-tasks': true,
  'return-agent': true,
  'workload-resolved': true,
  'stop-hook-run': true,
});

export const timers = all<TimerKind>({
  delay: true,
  lost: true,
  launch: true,
  superseded: true,
  kill: true,
  answer: true,
  backoff: true,
  'held-back': true,
  hello: true,
  revive: true,
  reconcile: true,
  'reconcile-all': true,
  implicit: true,
  'began-empty': true,
  forget: true,
  deadline: true,
  avoided: true,
  maintenance: true,
  nodes: true,
  roll: true,
  'held-offer': true,
  'stop-hook': true,
});

export const statuses = all<TaskState>({
  TASK_STAGING: true,
  TASK_STARTING: true,
  TASK_RUNNING: true,
  TASK_KILLING: true,
  TASK_FINISHED: true,
  TASK_FAILED: true,
  TASK_KILLED: true,
  TASK_ERROR: true,
  TASK_LOST: true,
  TASK_DROPPED: true,
  TASK_UNREACHABLE: true,
  TASK_GONE: true,
  TASK_GONE_BY_OPERATOR: true,
  TASK_UNKNOWN: true,
});

/** A teardown is an operator's, never decided here. */
export const effects = all<Exclude<EffectName, 'teardown'>>({
  hello: true,
  'desired-state': true,
  accept: true,
  decline: true,
  accept_inverse_offers: true,
  decline_inverse_offers: true,
  kill: true,
  reconcile: true,
  reply: true,
  'client-event': true,
  'request-ready': true,
  resolve_workload: true,
  run_stop_hook: true,
});

const callNames = all<CallName>({
  accept: true,
  decline: true,
  accept_inverse_offers: true,
  decline_inverse_offers: true,
  kill: true,
  reconcile: true,
  teardown: true,
});

export const clientEvents = all<ClientEvent.Kind>({ ALLOCATED: true, REVOKED: true, REVOKE_IMMINENT: true, FAILED: true });

/** What an effect is called: a call by what it asks of Mesos. */
export const effectName = (effect: Effect): string => {
  if (effect.type === 'ask-hook') return Object.keys(effect.question)[0] ?? effect.type;
  if (effect.type !== 'call') return effect.type;
  return callNames.find((name) => effect.call[name] !== undefined) ?? 'call';
};

export const eventName = (event: DomainEvent): string => (event.type === 'request' ? `request ${event.body.kind}` : event.type);

/** Where a process can die, besides between two effects. */
export const crashPoints = ['decided, not written', 'written, no effect has left', 'effects left, input not acknowledged'] as const;

/** What a crash at that point counts as. */
export const crashPointNames = ({ decided, written, unacknowledged, left, toLeave }: CrashPoint): string[] => [
  ...(decided ? ['decided, not written'] : []),
  ...(written ? ['written, no effect has left'] : []),
  ...(unacknowledged ? ['effects left, input not acknowledged'] : []),
  ...(left === undefined ? [] : [`${left} has left`]),
  ...(toLeave === undefined ? [] : [`${toLeave} has not left`]),
];

/** By kind and name. */
export type CoverageCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** How often something occurred, by kind and name, over any number of histories. */
export class Coverage {
  readonly #counts = new Map<string, Map<string, number>>();

  count(kind: string, name: string, times = 1): void {
    const names = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, names.set(name, (names.get(name) ?? 0) + times));
  }

  static from(counts: CoverageCounts): Coverage {
    const coverage = new Coverage();
    for (const [kind, names] of Object.entries(counts))
      for (const [name, times] of Object.entries(names)) coverage.count(kind, name, times);
    return coverage;
  }

  toJSON(): CoverageCounts {
    return Object.fromEntries([...this.#counts].map(([kind, names]) => [kind, Object.fromEntries(names)]));
  }

  add(other: Coverage): void {
    for (const [kind, names] of other.#counts) for (const [name, times] of names) this.count(kind, name, times);
  }

  of(kind: string, name: string): number {
    return this.#counts.get(kind)?.get(name) ?? 0;
  }

  toString(): string {
    const lines = [...this.#counts].flatMap(([kind, names]) => [...names].map(([name, count]) => [`${kind}: ${name}`, count] as const));
    lines.sort(([a], [b]) => (a < b ? -1 : 1));
    return lines.map(([what, count]) => `${String(count).padStart(9)}  ${what}`).join('\n');
  }
}
