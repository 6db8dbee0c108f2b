import type { InverseOffer, Unavailability } from '@streams-on-mesos/mesos';
import type { SchedulerCall } from '@streams-on-mesos/messages';
import type { ModelAgent } from './agent.js';

interface OutstandingInverseOffer {
  readonly offer: InverseOffer;
  readonly agent: ModelAgent;
  readonly madeAt: number;
}

/** What nobody answers for so long is declined by offer-service, and made again after the other time. */
const HELD_MS = 10_000;
const REFUSED_SECS = 60;

/** The inverse offers of a master: who has something on an agent that is to be maintained is asked, and asked again. */
export class ModelMaintenance {
  readonly #outstanding = new Map<string, OutstandingInverseOffer>();
  /** Until when it is not asked for an agent again. */
  readonly #filters = new Map<ModelAgent, number>();
  #counter = 0;

  constructor(readonly now: () => number) {}

  /** A part of an allocation cycle. */
  cycle(agents: readonly ModelAgent[], inUse: ReadonlySet<ModelAgent>, frameworkId: string): InverseOffer[] {
    for (const [id, { madeAt }] of this.#outstanding) if (this.now() - madeAt >= HELD_MS) this.#answer([id], REFUSED_SECS);
    const asked = new Set([...this.#outstanding.values()].map(({ agent }) => agent));
    return agents.flatMap((agent) => {
      const { unavailability, up, registered } = agent;
      const isFiltered = asked.has(agent) || (this.#filters.get(agent) ?? 0) > this.now();
      if (unavailability === undefined || !up || !registered || isFiltered || !inUse.has(agent)) return [];
      return [this.#make(agent, unavailability, frameworkId)];
    });
  }

  #make(agent: ModelAgent, unavailability: Unavailability, frameworkId: string): InverseOffer {
    this.#counter += 1;
    const id = `inverse-offer-${this.#counter}`;
    const offer = { id: { value: id }, framework_id: { value: frameworkId }, agent_id: { value: agent.id }, unavailability };
    this.#outstanding.set(id, { offer, agent, madeAt: this.now() });
    return offer;
  }

  /** What offer-service has in hand: it declines what nobody answers, so it has none that its master doesn't. */
  get unanswered(): InverseOffer[] {
    return [...this.#outstanding.values()].map(({ offer }) => offer);
  }

  onCall({ accept_inverse_offers: accept, decline_inverse_offers: decline }: SchedulerCall): void {
    const { inverse_offer_ids: ids = [], refuse_seconds: secs } = accept ?? decline ?? {};
    this.#answer(ids, secs);
  }

  #answer(ids: readonly string[], secs = 5): void {
    for (const id of ids) {
      const answered = this.#outstanding.get(id);
      this.#outstanding.delete(id);
      if (answered !== undefined) this.#filters.set(answered.agent, this.now() + secs * 1000);
    }
  }

  /** Takes back what is not answered of an agent, and asks anew; returns the ids. */
  rescind(agent: ModelAgent): string[] {
    this.#filters.delete(agent);
    const ids = [...this.#outstanding].flatMap(([id, one]) => (one.agent === agent ? [id] : []));
    for (const id of ids) this.#outstanding.delete(id);
    return ids;
  }

  /** The subscription is over: all is asked anew in the next one. */
  clear(): void {
    this.#outstanding.clear();
    this.#filters.clear();
  }
}
