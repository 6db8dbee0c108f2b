import type { SchedulerCall } from '@streams-on-mesos/messages';
import type { DomainEvent } from '../../events.js';
import type { Resource, State, Task } from '../../model.js';
import { InvariantError } from './invariant-error.js';

/** What ends a task on its agent by itself. */
const DEATHS: readonly string[] = ['TASK_FAILED', 'TASK_FINISHED'];

interface FirstDeath {
  readonly agentId: string;
  readonly at: number;
}

/**
 * One leader does not use an agent for a request at once on which a task of it just died early: others are waited for
 * first. Only the first death of a request is looked at, since the wait counts from there.
 */
export class EarlyDeathsWatch {
  readonly #first = new Map<string, FirstDeath>();
  #dying: { readonly resource: Resource; readonly task: Task } | undefined;

  constructor(
    readonly now: () => number,
    readonly waitMs: number,
  ) {}

  /** Before the leader has decided on the event. */
  beforeStep(state: State, event: DomainEvent): void {
    this.#dying = undefined;
    // An operator's word that the agent is well.
    if (event.type === 'return-agent') for (const [key, { agentId }] of this.#first) if (agentId === event.agentId) this.#first.delete(key);
    if (event.type !== 'update' || !DEATHS.includes(event.status.state) || event.status.source !== 'SOURCE_EXECUTOR') return;
    const task = state.tasks.get(event.status.task_id.value);
    const resource = task === undefined ? undefined : state.resources.get(task.resourceId);
    if (task === undefined || resource?.task !== task) return;
    const { avoided, heldBackSince } = resource.request;
    // Agents that are avoided for other reasons are waited past as well, and that wait may have begun before.
    if (heldBackSince === undefined && avoided.size === 0) this.#dying = { resource, task };
  }

  /** A status that is older than what the leader has heard of the task is none. */
  afterStep(state: State): void {
    if (this.#dying === undefined) return;
    const { resource, task } = this.#dying;
    const { key } = resource.request;
    if (resource.state === 'NEW' && !state.tasks.has(task.id) && !this.#first.has(key))
      this.#first.set(key, { agentId: task.agentId, at: this.now() });
  }

  onAccept(state: State, accept: SchedulerCall.Accept): void {
    for (const info of (accept.operations ?? []).flatMap(({ launch }) => launch?.task_infos ?? [])) {
      const task = state.tasks.get(info.task_id.value);
      const request = task === undefined ? undefined : state.resources.get(task.resourceId)?.request;
      const first = this.#first.get(request?.key ?? '');
      // At most half of the agents are avoided, those of the latest deaths: one of many may be welcome again.
      if ([...state.earlyDeaths.agents()].some((agentId) => agentId !== first?.agentId)) continue;
      // What waits for its start command was matched before.
      if (request?.workload.deferred === true) continue;
      if (first === undefined || first.agentId !== task?.agentId || state.leader.agents.size < 2) continue;
      if (this.now() - first.at < this.waitMs)
        throw new InvariantError(
          `${task.id} uses ${first.agentId} ${this.now() - first.at} ms after a task of the same request died there`,
        );
    }
  }
}
