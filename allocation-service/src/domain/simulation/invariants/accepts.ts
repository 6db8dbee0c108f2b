import type { SchedulerCall } from '@streams-on-mesos/messages';
import { Bag } from '../model/bag.js';
import type { ModelMesos } from '../model/mesos.js';
import type { ModelOfferService } from '../model/offer-service.js';
import { InvariantError } from './invariant-error.js';

/** No offer is answered twice, and what is launched on offers is no more than they have. */
export class AcceptsWatch {
  readonly #answered = new Set<string>();

  constructor(
    readonly mesos: ModelMesos,
    readonly offerService: ModelOfferService,
  ) {}

  /** A call leaves, whoever sends it. */
  onSent(call: SchedulerCall): void {
    const { accept, decline } = call;
    for (const id of [...(accept?.offer_ids ?? []), ...(decline?.offer_ids ?? [])]) {
      if (this.#answered.has(id)) throw new InvariantError(`${id} is used or declined twice`);
      this.#answered.add(id);
    }
    if (accept === undefined) return;
    for (const id of accept.offer_ids ?? []) {
      if (this.offerService.handedTo.get(id) !== call.allocation_term) throw new InvariantError(`${id} was handed to another term`);
    }
    this.#checkSum(accept);
  }

  #checkSum({ offer_ids: ids = [], operations = [] }: SchedulerCall.Accept): void {
    const offers = ids.flatMap((id) => this.mesos.allocator.allOffers.get(id)?.offer ?? []);
    const agents = new Set(offers.map((offer) => offer.agent_id.value));
    if (agents.size !== 1 || offers.length !== ids.length) throw new InvariantError(`${ids.join()} are not offers of one agent`);
    const roles = new Set(offers.map((offer) => offer.allocation_info?.role));
    if (roles.size !== 1) throw new InvariantError(`${ids.join()} are not offers to one role`);
    const left = Bag.of(offers.flatMap((offer) => offer.resources ?? []));
    for (const task of operations.flatMap((operation) => operation.launch?.task_infos ?? [])) {
      left.take(task.resources ?? []);
      if (!agents.has(task.agent_id.value)) throw new InvariantError(`${task.task_id.value} is launched on another agent than offered`);
    }
    if (left.debt !== undefined) throw new InvariantError(`launches more than ${ids.join()} has: ${left.debt}`);
  }
}
