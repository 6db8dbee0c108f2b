import type { Step } from '../../model.js';
import type { ResourceRecord, TaskRecord } from '../../records.js';
import type { Coverage, Standing, TaskStanding } from '../coverage.js';
import type { ModelJournal } from '../model/journal.js';
import { InvariantError } from './invariant-error.js';
import { legalMoves, legalTaskMoves } from './legal-moves.js';

const standingOf = ({ state, requestState }: ResourceRecord): Standing => `${state} ${requestState}`;

const taskStandingOf = (record: TaskRecord | null | undefined): TaskStanding => {
  if (record === null || record === undefined) return 'none';
  return record.supersededAt === undefined ? record.phase : 'superseded';
};

const isRevoked = (id: string, changes: Step['changes']): boolean =>
  changes.some(({ table, value }) => {
    const event = table === 'event' ? (value as { kind?: string; resources?: { id: string }[] } | null) : null;
    return event?.kind === 'REVOKED' && event.resources?.[0]?.id === id;
  });

/** One resource went from one state to another in a step. */
export interface ObservedMove {
  readonly id: string;
  readonly from: Standing | 'none';
  readonly to: Standing;
  readonly record: ResourceRecord;
}

/**
 * What one leader makes of resources and tasks, move by move: only what the life of a resource allows, and what was
 * ALLOCATED ends in exactly one of released and revoked.
 */
export class StandingsWatch {
  readonly #resources = new Map<string, ResourceRecord>();
  readonly #tasks = new Map<string, TaskRecord | null>();

  constructor(
    readonly journal: ModelJournal,
    readonly coverage: Coverage,
    readonly onAllocated: (id: string, taskId: string | undefined) => void,
    readonly onForgotten: (taskId: string, supersededAt: number) => void,
  ) {}

  #durable<R>(table: string, key: string): R | undefined {
    return this.journal.records.get(`${table} ${key}`)?.value as R | undefined;
  }

  /** Returns the moves of resources. */
  onChanges(changes: Step['changes']): ObservedMove[] {
    const observed: ObservedMove[] = [];
    for (const { table, key, value } of changes) {
      if (table === 'resource' && value !== null) observed.push(...this.#onResource(key, value as unknown as ResourceRecord, changes));
      if (table === 'task') this.#onTask(key, value as unknown as TaskRecord | null);
    }
    return observed;
  }

  #onResource(id: string, record: ResourceRecord, changes: Step['changes']): ObservedMove[] {
    const before = this.#resources.get(id) ?? this.#durable<ResourceRecord>('resource', id);
    this.#resources.set(id, record);
    const from = before === undefined ? 'none' : standingOf(before);
    const to = standingOf(record);
    if (before?.requestState !== 'REQUEST_ALLOCATED' && record.requestState === 'REQUEST_ALLOCATED')
      this.onAllocated(id, record.placement?.taskId);
    if (from === to) return [];
    this.coverage.count('resource', `${from} > ${to}`);
    if (!legalMoves.has(`${from} > ${to}`)) throw new InvariantError(`${id} went from ${from} to ${to}`);
    const wasAllocated = before?.requestState === 'REQUEST_ALLOCATED' && record.requestState !== 'REQUEST_ALLOCATED';
    const isLoss = wasAllocated && record.state !== 'STOPPING' && record.request !== 'scaling';
    const revoked = isRevoked(id, changes);
    if (revoked !== isLoss)
      throw new InvariantError(`${id} was ALLOCATED and is ${record.state}, ${revoked ? '' : 'not '}reported revoked`);
    return [{ id, from, to, record }];
  }

  #onTask(id: string, record: TaskRecord | null): void {
    const before = this.#tasks.has(id) ? this.#tasks.get(id) : this.#durable<TaskRecord>('task', id);
    const from = taskStandingOf(before);
    this.#tasks.set(id, record);
    const to = taskStandingOf(record);
    if (from === to) return;
    if (record === null && before?.supersededAt !== undefined) this.onForgotten(id, before.supersededAt);
    this.coverage.count('task', `${from} > ${to}`);
    if (!legalTaskMoves.has(`${from} > ${to}`)) throw new InvariantError(`${id} went from ${from} to ${to}`);
  }
}
