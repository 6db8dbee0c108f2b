import fc from 'fast-check';
import { inverseOfferOf, offerOf, statusOf } from '../../testing/driver-harness.js';
import { newDriverState } from '../new-driver-state.js';
import { settings, type DriverWorld } from './driver-world.js';

const small = fc.nat({ max: 11 });
/** What may happen next; small numbers stand for the newest offers, calls and updates. */
export const action = fc.oneof(
  fc.record({ do: fc.constant('offers' as const), count: fc.integer({ min: 1, max: 4 }), role: fc.constantFrom('a', 'b') }),
  fc.record({ do: fc.constant('accept' as const), offer: small, other: fc.option(small), redelivered: fc.boolean() }),
  fc.record({ do: fc.constant('decline' as const), offer: small }),
  fc.record({ do: fc.constant('kill' as const), offer: small }),
  fc.record({ do: fc.constant('reconcile' as const), count: fc.nat({ max: 8 }) }),
  fc.record({ do: fc.constant('repeat' as const), call: small }),
  fc.record({
    do: fc.constant('result' as const),
    call: small,
    result: fc.constantFrom('sent' as const, 'not-sent' as const, 'unknown' as const),
  }),
  fc.record({ do: fc.constant('rescind' as const), offer: small }),
  fc.record({ do: fc.constant('inverse-offers' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('answer-inverse' as const), offer: small, accept: fc.boolean() }),
  fc.record({ do: fc.constant('rescind-inverse' as const), offer: small }),
  fc.record({ do: fc.constant('update' as const), task: fc.nat({ max: 3 }), uuid: fc.boolean() }),
  fc.record({
    do: fc.constant('confirm' as const),
    update: small,
    fate: fc.constantFrom('published' as const, 'task' as const, 'queue' as const, 'never' as const),
  }),
  fc.record({ do: fc.constant('broker' as const), up: fc.boolean() }),
  fc.record({ do: fc.constant('desire' as const), a: fc.boolean(), b: fc.boolean(), revive: fc.boolean(), cpus: fc.nat({ max: 2 }) }),
  fc.record({
    do: fc.constant('needs-result' as const),
    result: fc.constantFrom('sent' as const, 'not-sent' as const, 'unknown' as const),
  }),
  fc.record({ do: fc.constant('hello' as const), next: fc.boolean() }),
  fc.record({ do: fc.constant('resubscribe' as const) }),
  fc.record({ do: fc.constant('takeover' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(200, 1_000, 11_000) }),
);
export const atLeast = (cpus: number) => ({ quantities: [{ quantities: { cpus: { value: cpus } } }] });

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Lets it happen. */
export const play = (world: DriverWorld, action: Action): void => {
  switch (action.do) {
    case 'offers': {
      const ids = Array.from({ length: action.count }, (_, n) => `o${world.offers.length + n}`);
      world.offers.push(...ids);
      return world.do({ type: 'offers', offers: ids.map((id) => offerOf(id, { role: action.role })) });
    }
    case 'accept': {
      const ids = [world.offer(action.offer), ...(action.other === null ? [] : [world.offer(action.other)])];
      return world.call({ accept: { offer_ids: ids } }, action.redelivered);
    }
    case 'decline':
      return world.call({ decline: { offer_ids: [world.offer(action.offer)] } });
    case 'kill':
      return world.call({ kill: { task_id: `t${action.offer}` } });
    case 'reconcile':
      return world.call({ reconcile: { tasks: Array.from({ length: action.count }, (_, n) => ({ task_id: `t${n}` })) } });
    case 'repeat': {
      const repeated = world.calls[world.calls.length - 1 - action.call];
      return repeated && world.do({ type: 'call', ...repeated, redelivered: true });
    }
    case 'result': {
      const [open] = world.open.splice(action.call % Math.max(1, world.open.length), 1);
      if (open === undefined || open.leadership !== world.state.term) return;
      const { callId } = open;
      if (action.result === 'not-sent' && !world.open.some((other) => other.callId === callId)) world.mayHaveBeenSent.delete(callId);
      return world.do({ type: 'call-result', concern: { of: 'call', callId }, result: action.result });
    }
    case 'rescind':
      world.closed.add(world.offer(action.offer));
      return world.do({ type: 'rescind', offerId: world.offer(action.offer) });
    case 'inverse-offers': {
      const ids = Array.from({ length: action.count }, (_, n) => `i${world.inverseOffers.length + n}`);
      world.inverseOffers.push(...ids);
      return world.do({ type: 'inverse-offers', inverseOffers: ids.map((id) => inverseOfferOf(id)) });
    }
    case 'answer-inverse': {
      const answer = { inverse_offer_ids: [world.inverseOffer(action.offer)] };
      return world.call(action.accept ? { accept_inverse_offers: answer } : { decline_inverse_offers: answer });
    }
    case 'rescind-inverse':
      world.inverseEnded.add(world.inverseOffer(action.offer));
      return world.do({ type: 'rescind-inverse-offer', inverseOfferId: world.inverseOffer(action.offer) });
    case 'update': {
      world.numbered += 1;
      const uuid = action.uuid ? `u${world.numbered}` : undefined;
      const held = world.state.updates.held;
      world.do({ type: 'update', status: statusOf(`t${action.task}`, 'TASK_RUNNING', uuid) });
      // what is dropped is sent again by its agent
      if (uuid !== undefined && world.state.updates.held > held) world.received.add(uuid);
      return;
    }
    case 'confirm': {
      const [update] = world.inFlight.splice(action.update % Math.max(1, world.inFlight.length), 1);
      if (update === undefined) return;
      if (action.fate === 'never') world.received.delete(update.status.uuid ?? '');
      if (action.fate !== 'published')
        return world.do({ type: 'update-unpublished', update, obstacle: action.fate === 'never' ? 'none' : action.fate, reason: 'test' });
      if (update.status.uuid !== undefined) world.confirmed.add(update.status.uuid);
      return world.do({ type: 'update-published', update });
    }
    case 'broker':
      return world.do({ type: 'broker', up: action.up });
    case 'desire':
      world.revision += 1;
      if (action.revive) world.revive += 1;
      return world.do({
        type: 'desired-state',
        desiredState: {
          allocation_term: world.allocationTerm,
          revision: world.revision,
          revive_counter: world.revive,
          roles: [
            { role: 'a', wanted: action.a, ...(action.cpus > 0 && { min_allocatable: atLeast(action.cpus) }) },
            { role: 'b', wanted: action.b },
          ],
        },
      });
    case 'needs-result': {
      const concern = world.needs;
      world.needs = undefined;
      return concern && world.do({ type: 'call-result', concern, result: action.result });
    }
    case 'hello':
      if (action.next) world.allocationTerm += 1;
      return world.do({ type: 'hello', allocationTerm: world.allocationTerm });
    case 'resubscribe':
      world.endStream();
      world.do({ type: 'disconnected', reason: 'test' });
      return world.subscribe();
    case 'takeover':
      world.endStream();
      world.state = newDriverState(world.state.term + 1, settings);
      world.open.length = 0;
      world.inFlight = [];
      world.received.clear();
      world.do({ type: 'broker', up: true });
      return world.subscribe();
    case 'pass':
      world.now += action.ms;
      return world.do({ type: 'tick' });
  }
};
