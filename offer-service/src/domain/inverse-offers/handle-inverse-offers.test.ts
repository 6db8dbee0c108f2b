import { describe, expect, it } from 'vitest';
import { stateView } from '../../http/state-view.js';
import { ALLOCATION_TERM, DriverHarness, inverseOfferOf } from '../../testing/driver-harness.js';

const WINDOW = { start: { nanoseconds: 1_800_000_000_000 * 1e6 }, duration: { nanoseconds: 3_600 * 1e9 } };
const asked = (...ids: readonly string[]) =>
  new DriverHarness().flowing().do({ type: 'inverse-offers', inverseOffers: ids.map((id) => inverseOfferOf(id)) });
const announcedIds = (driver: DriverHarness) =>
  driver.announcements('inverse_offers').map(({ inverse_offers }) => inverse_offers?.map(({ id }) => id.value));

describe('inverse offers', () => {
  it('are handed on at once, each once, however often Mesos says so', () => {
    const driver = asked('i1', 'i2').do({ type: 'inverse-offers', inverseOffers: [inverseOfferOf('i2'), inverseOfferOf('i3')] });
    expect(driver.announcements('inverse_offers')[0]).toEqual({
      subscription: { term: 3, counter: 1 },
      inverse_offers: [inverseOfferOf('i1'), inverseOfferOf('i2')],
    });
    expect(announcedIds(driver)).toEqual([['i1', 'i2'], ['i3']]);
  });

  it.each([
    ['accept_inverse_offers', 'accept-inverse-offers', 'accepted'],
    ['decline_inverse_offers', 'decline-inverse-offers', 'declined'],
  ] as const)('%s is sent with its filter, once, and answered as any call', (body, kind, how) => {
    const driver = asked('i1', 'i2');
    const call = driver.callOf({ [body]: { inverse_offer_ids: ['i1', 'i1', 'gone'], refuse_seconds: 60 } });
    driver.call('c1', call).result('c1', 'sent').call('c1', call).call('c2', call);
    expect(driver.mesosCalls(kind)).toEqual([{ kind, inverseOfferIds: ['i1'], refuseSeconds: 60 }]);
    expect(driver.effects).toContainEqual({ type: 'inverse-offers-ended', how, count: 1 });
    expect(driver.answers.map(({ call_id: id, result }) => [id, result])).toEqual([
      ['c1', 'SENT'],
      ['c1', 'SENT'],
      ['c2', 'NOT_SENT'],
    ]);
    expect([...driver.state.inverseOffers.keys()]).toEqual(['i2']);
  });

  it('that nobody answers within the limit of offers are declined, and asked anew after a minute; nobody is told that the maintenance is off', () => {
    const driver = asked('i1').pass(9_800);
    expect(driver.mesosCalls('decline-inverse-offers')).toEqual([]);
    driver.do({ type: 'inverse-offers', inverseOffers: [inverseOfferOf('i2')] }).pass(200);
    expect(driver.mesosCalls('decline-inverse-offers')).toEqual([
      { kind: 'decline-inverse-offers', inverseOfferIds: ['i1'], refuseSeconds: 60 },
    ]);
    expect(driver.announcements('rescinded_inverse_offers')).toEqual([]);
    expect(driver.effects).toContainEqual({ type: 'inverse-offers-ended', how: 'expired', count: 1 });
  });

  it('that are rescinded are told of, also when their answer has left, and are neither answered nor declined after', () => {
    const driver = asked('i1', 'i2');
    driver.call('c1', driver.callOf({ accept_inverse_offers: { inverse_offer_ids: ['i1'] } }));
    for (const inverseOfferId of ['i1', 'i2']) driver.do({ type: 'rescind-inverse-offer', inverseOfferId });
    driver.call('c2', driver.callOf({ decline_inverse_offers: { inverse_offer_ids: ['i2'] } })).pass(20_000);
    expect(driver.announcements('rescinded_inverse_offers').map(({ inverse_offer_ids: ids }) => ids)).toEqual([['i1'], ['i2']]);
    expect(driver.mesosCalls('decline-inverse-offers')).toEqual([]);
  });

  it('of an earlier subscription are dropped: their answer is not sent, and they are not declined', () => {
    const driver = asked('i1');
    const call = driver.callOf({ accept_inverse_offers: { inverse_offer_ids: ['i1'] } });
    driver.do({ type: 'disconnected', reason: 'cut' }).do({ type: 'inverse-offers', inverseOffers: [inverseOfferOf('i2')] });
    driver.subscribe([]).call('c1', call).do({ type: 'hello', allocationTerm: ALLOCATION_TERM }).pass(20_000);
    expect([...driver.mesosCalls('accept-inverse-offers'), ...driver.mesosCalls('decline-inverse-offers')]).toEqual([]);
    expect(announcedIds(driver)).toEqual([['i1']]);
    expect(driver.answers).toMatchObject([{ call_id: 'c1', result: 'NOT_SENT' }]);
    expect(driver.effects).toContainEqual({ type: 'inverse-offers-ended', how: 'void', count: 1 });
  });

  it('that wait for an answer are told to a new leader of allocation-service, and when the broker is back', () => {
    const driver = asked('i1').do({ type: 'broker', up: false });
    driver.do({ type: 'inverse-offers', inverseOffers: [inverseOfferOf('i2')] });
    expect(announcedIds(driver)).toEqual([['i1']]);
    driver.do({ type: 'broker', up: true }).do({ type: 'hello', allocationTerm: ALLOCATION_TERM + 1 });
    expect(announcedIds(driver)).toEqual([['i1'], ['i1', 'i2'], ['i1', 'i2']]);
  });

  it('are shown with when the maintenance begins, and for how long', () => {
    const driver = asked('i1');
    driver.now += 1_500;
    expect(stateView(driver.state, driver.now).inverse_offers).toEqual([
      { id: 'i1', agent_id: 'agent-1', start_ms: 1_800_000_000_000, duration_ms: 3_600_000, age_ms: 1_500 },
    ]);
    expect(inverseOfferOf('i1').unavailability).toEqual(WINDOW);
  });
});
