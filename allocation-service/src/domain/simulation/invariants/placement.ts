import type { Licence, SchedulerCall } from '@streams-on-mesos/messages';
import type { Effect } from '../../effects.js';
import type { Request, State, Task } from '../../model.js';
import type { ModelMesos } from '../model/mesos.js';
import { brokenConstraint } from './constraints.js';
import { InvariantError } from './invariant-error.js';
import { checkSpread } from './spread.js';

/** What is launched keeps to what its request asked for, by everything that may run according to this leader's state. */
export class PlacementWatch {
  constructor(readonly mesos: ModelMesos) {}

  onAccept(state: State, accept: SchedulerCall.Accept, now: number): void {
    const offer = this.mesos.allocator.allOffers.get(accept.offer_ids?.[0] ?? '')?.offer;
    const infos = (accept.operations ?? []).flatMap(({ launch }) => launch?.task_infos ?? []);
    const launched = infos.flatMap((info) => state.tasks.get(info.task_id.value) ?? []);
    for (const info of infos) {
      const id = info.task_id.value;
      const task = state.tasks.get(id);
      const request = task === undefined ? undefined : state.resources.get(task.resourceId)?.request;
      if (task === undefined || request === undefined) throw new InvariantError(`${id} is launched and not in the state`);
      // As the client asked, whatever the state has made of it.
      const { role = '*', place_by_ms: placeBy = Infinity, revocable = false } = request.allocate ?? {};
      if (offer?.allocation_info?.role !== role)
        throw new InvariantError(`${id} of role ${role} uses an offer to ${offer?.allocation_info?.role}`);
      if (now > placeBy) throw new InvariantError(`${id} is launched after its deadline`);
      const usesRevocable = (info.resources ?? []).some((resource) => resource.revocable !== undefined);
      if (usesRevocable && !revocable) throw new InvariantError(`${id} uses revocable resources without being asked to`);
      this.#checkAlone(state, task);
      this.#checkConstraints(state, request, id);
    }
    checkLicences(state, launched);
  }

  /** Of all that one decision launched. */
  onStep(state: State, effects: readonly Effect[]): void {
    const ids = effects.flatMap((effect) => (effect.type === 'call' ? launchedBy(effect.call.accept) : []));
    if (ids.length === 0) return;
    checkSpread(
      state,
      ids.flatMap((id) => state.tasks.get(id) ?? []),
      (agentId) => this.#agentOf(agentId),
    );
  }

  #checkAlone(state: State, task: Task): void {
    const neighbours = [...state.tasks.values()].filter((other) => other.agentId === task.agentId && other.supersededAt === undefined);
    if (neighbours.length < 2) return;
    for (const neighbour of neighbours) {
      if (state.resources.get(neighbour.resourceId)?.request.allocate?.alone_on_agent === true)
        throw new InvariantError(`${neighbour.id} is not alone on ${task.agentId}: ${neighbours.map(({ id }) => id).join()}`);
    }
  }

  #checkConstraints(state: State, request: Request, id: string): void {
    const placed = [...request.resources].flatMap(({ task }) => (task === undefined ? [] : [this.#agentOf(task.agentId)]));
    for (const constraint of request.allocate?.constraints ?? []) {
      const broken = brokenConstraint(constraint, this.#agentOf(state.tasks.get(id)?.agentId), placed);
      if (broken !== undefined) throw new InvariantError(`${id} breaks ${JSON.stringify(constraint)}: ${broken}`);
    }
  }

  #agentOf(agentId: string | undefined) {
    return this.mesos.agents.find(({ id }) => id.split('.')[0] === agentId?.split('.')[0]);
  }
}

const launchedBy = (accept: SchedulerCall.Accept | undefined): string[] =>
  (accept?.operations ?? []).flatMap(({ launch }) => launch?.task_infos ?? []).map(({ task_id: { value } }) => value);

const licencesOf = (state: State, task: Task): readonly Licence[] => state.resources.get(task.resourceId)?.request.allocate?.licences ?? [];

/** All that may run, superseded tasks too, leases no more of what was just leased than there is. */
const checkLicences = (state: State, launched: readonly Task[]): void => {
  const names = new Set(launched.flatMap((task) => licencesOf(state, task).map(({ name }) => name)));
  for (const name of names) {
    let leased = 0;
    for (const task of state.tasks.values())
      for (const licence of licencesOf(state, task)) if (licence.name === name) leased += licence.count;
    const pool = state.scaling?.licences?.[name] ?? 0;
    if (leased > pool) throw new InvariantError(`${leased} of licence ${name} are leased and there are ${pool}`);
  }
};
