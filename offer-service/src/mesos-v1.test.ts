// What Mesos demands of a framework, from the events of its stream to the calls that leave, as far as offer-service decides it.
// What the client itself has to do is tested in packages/mesos (mesos-v1.test.ts), FrameworkInfo in mesos/, what needs a story in domain/.
import { codecOf, type Call, type Event, type SchedulerCallBody, type TaskState } from '@streams-on-mesos/mesos';
import { describe, expect, it } from 'vitest';
import { frameworkInfo } from './mesos/framework-info.js';
import { toDriverEvent } from './mesos/to-driver-event.js';
import { toSchedulerCall } from './mesos/to-scheduler-call.js';
import { ALLOCATION_TERM, DriverHarness, inverseOfferOf, offerOf, statusOf } from './testing/driver-harness.js';

const info = frameworkInfo(
  {
    frameworkName: 'test',
    mesosUser: 'nobody',
    mesosRoles: ['*', 'b'],
    mesosPrincipal: 'streams',
    failoverTimeoutSecs: 604_800,
    gpuResources: false,
    revocableResources: false,
  },
  'http://here',
);
const driverOf = () => new DriverHarness({ roles: ['*', 'b'] }).flowing();

/** The calls that leave, of a type, as they are on the wire (and so complete and of Mesos's form). */
const callsOf = <Type extends NonNullable<Call['type']>>(driver: DriverHarness, type: Type): SchedulerCallBody[] =>
  driver.effects.flatMap((effect) => {
    const body = effect.type === 'call-mesos' ? toSchedulerCall(effect.call, info) : undefined;
    if (body?.type !== type) return [];
    const codec = codecOf('json');
    return [codec.decodeCall(codec.encodeCall(body))];
  });

const UUID = '//79/Pv6+fj39vX08/Lx8A==';
const MASTER_MADE = { source: 'SOURCE_MASTER', reason: 'REASON_RECONCILIATION' } as const;

describe('src/master/validation.cpp, offers', () => {
  it('are of the role in allocation_info, and go to whoever wants that role', () => {
    const driver = driverOf().do({
      type: 'desired-state',
      desiredState: { allocation_term: ALLOCATION_TERM, revision: 2, revive_counter: 0, roles: [{ role: 'b', wanted: true }] },
    });
    driver.offers(offerOf('o1', { role: '*' }), offerOf('o2', { role: 'b' }));
    expect(driver.announcements('offers').flatMap(({ offers }) => offers?.map(({ id }) => id.value))).toEqual(['o2']);
    expect(callsOf(driver, 'DECLINE')).toMatchObject([{ decline: { offer_ids: [{ value: 'o1' }] } }]);
  });

  it('are used once, together only when of one agent and one role, with the operations in their order', () => {
    const driver = driverOf().offers(offerOf('o1'), offerOf('o2'), offerOf('o3', { agent: 'agent-2' }), offerOf('o4', { role: 'b' }));
    const operations = [
      { type: 'RESERVE' as const, reserve: { resources: [] } },
      { type: 'LAUNCH' as const, launch: { task_infos: [] } },
    ];
    driver.call('c1', driver.callOf({ accept: { offer_ids: ['o1', 'o3'], operations } }));
    driver.call('c2', driver.callOf({ accept: { offer_ids: ['o2', 'o4'], operations } }));
    driver.offers(offerOf('o5'), offerOf('o6')).call('c3', driver.callOf({ accept: { offer_ids: ['o5', 'o6'], operations } }));
    driver.call('c4', driver.callOf({ accept: { offer_ids: ['o5'], operations } }));
    const accepts = callsOf(driver, 'ACCEPT');
    expect(accepts.map(({ accept }) => accept?.offer_ids)).toEqual([[{ value: 'o5' }, { value: 'o6' }]]);
    expect(accepts[0]?.accept?.operations?.map(({ type }) => type)).toEqual(['RESERVE', 'LAUNCH']);
    expect(driver.answers.map(({ call_id: id, result }) => [id, result])).toEqual([
      ['c1', 'NOT_SENT'],
      ['c2', 'NOT_SENT'],
      ['c4', 'NOT_SENT'],
    ]);
  });
});

describe('src/master/allocator/mesos/hierarchical.cpp, filters', () => {
  it('each DECLINE says for how long, since 5 s would be the default: an hour for what nobody wants, nothing (0) for what the next leader may want', () => {
    const idle = driverOf().desire(false, { revision: 2 }).offers(offerOf('o1'));
    expect(callsOf(idle, 'DECLINE')).toMatchObject([{ decline: { filters: { refuse_seconds: 3_600 } } }]);
    const next = driverOf()
      .offers(offerOf('o1'))
      .do({ type: 'allocation-term', term: ALLOCATION_TERM + 1 });
    expect(callsOf(next, 'DECLINE')).toMatchObject([{ decline: { filters: { refuse_seconds: 0 } } }]);
  });

  it('the remainder of an ACCEPT is refused for as long as its caller says', () => {
    const driver = driverOf().offers(offerOf('o1'));
    driver.call('c1', driver.callOf({ accept: { offer_ids: ['o1'], operations: [], refuse_seconds: 1 } }));
    expect(callsOf(driver, 'ACCEPT')).toMatchObject([{ accept: { filters: { refuse_seconds: 1 } } }]);
  });
});

describe('docs/scheduler-http-api.md', () => {
  it('SUPPRESS and REVIVE name their roles: none would be all', () => {
    const driver = driverOf().desire(false, { revision: 2 }).desire(true, { revision: 3 }).desire(true, { revision: 4, revive: 1 });
    const named = [
      ...callsOf(driver, 'SUPPRESS').map((call) => call.suppress?.roles),
      ...callsOf(driver, 'REVIVE').map((call) => call.revive?.roles),
    ];
    expect(named).toEqual([
      ['*', 'b'],
      ['*', 'b'],
      ['*', 'b'],
    ]);
  });

  it('ACKNOWLEDGE echoes agent, task and uuid; what has no uuid is not acknowledged', () => {
    const driver = driverOf().update('t1', 'TASK_RUNNING', UUID);
    driver.do({ type: 'update', status: { ...statusOf('t2', 'TASK_RUNNING'), ...MASTER_MADE } });
    for (const update of driver.published) driver.do({ type: 'update-published', update });
    expect(callsOf(driver, 'ACKNOWLEDGE')).toEqual([
      { type: 'ACKNOWLEDGE', acknowledge: { agent_id: { value: 'agent-1' }, task_id: { value: 't1' }, uuid: UUID } },
    ]);
  });

  it('after the loss of a subscription its offers are void, and its updates in hand are acknowledged in the next', () => {
    const driver = driverOf().offers(offerOf('o1')).update('t1', 'TASK_RUNNING', UUID);
    const [update] = driver.published;
    const stale = driver.callOf({ accept: { offer_ids: ['o1'], operations: [] } });
    driver.do({ type: 'disconnected', reason: 'cut' }).do({ type: 'update-published', update: update! });
    expect(callsOf(driver, 'ACKNOWLEDGE')).toEqual([]);
    driver.subscribe([]).call('c1', stale).update('t1', 'TASK_RUNNING', UUID);
    for (const again of driver.published.slice(1)) driver.do({ type: 'update-published', update: again });
    expect(callsOf(driver, 'ACKNOWLEDGE')).toHaveLength(1);
    expect([callsOf(driver, 'ACCEPT'), callsOf(driver, 'DECLINE')]).toEqual([[], []]);
  });

  it('an UPDATE_FRAMEWORK is complete: what it leaves out is taken back', () => {
    const min_allocatable = { quantities: [{ quantities: { cpus: { value: 2 } } }] };
    const driver = driverOf().do({
      type: 'desired-state',
      desiredState: {
        allocation_term: ALLOCATION_TERM,
        revision: 2,
        revive_counter: 0,
        roles: [
          { role: '*', wanted: true, min_allocatable },
          { role: 'b', wanted: false },
        ],
      },
    });
    expect(callsOf(driver, 'UPDATE_FRAMEWORK').map(({ update_framework: update }) => update)).toEqual([
      {
        framework_info: { ...info, offer_filters: { '*': { min_allocatable_resources: min_allocatable } } },
        suppressed_roles: ['b'],
      },
    ]);
  });
});

describe('include/mesos/v1/mesos.proto, TaskState', () => {
  it.each([
    'TASK_STARTING',
    'TASK_KILLING',
    'TASK_FINISHED',
    'TASK_FAILED',
    'TASK_KILLED',
    'TASK_ERROR',
    'TASK_LOST',
    'TASK_DROPPED',
    'TASK_UNREACHABLE',
    'TASK_GONE',
    'TASK_GONE_BY_OPERATOR',
    'TASK_UNKNOWN',
  ] satisfies TaskState[])('%s is passed on as it came: what it means is not decided here', (state) => {
    const status = { ...statusOf('t1', state, UUID), unreachable_time: { nanoseconds: 7 }, message: 'why' };
    const driver = driverOf().do({ type: 'update', status });
    expect(driver.published.map((update) => update.status)).toEqual([status]);
  });
});

describe('docs/reconciliation.md', () => {
  it('RECONCILE names the agents that are known, which gets better answers; without tasks it asks for all', () => {
    const driver = driverOf();
    driver.call('c1', driver.callOf({ reconcile: { tasks: [{ task_id: 't1', agent_id: 'agent-1' }, { task_id: 't2' }] } }));
    driver.call('c2', driver.callOf({ reconcile: {} }));
    expect(callsOf(driver, 'RECONCILE').map(({ reconcile }) => reconcile?.tasks ?? [])).toEqual([
      [{ task_id: { value: 't1' }, agent_id: { value: 'agent-1' } }, { task_id: { value: 't2' } }],
      [],
    ]);
  });

  it('each subscription is announced under a number of its own, for whoever has to reconcile after it', () => {
    const driver = driverOf().do({ type: 'disconnected', reason: 'cut' }).subscribe([]);
    expect(driver.announcements('subscribed').map(({ subscription }) => subscription.counter)).toEqual([2]);
  });
});

describe('src/master/master.cpp, kill', () => {
  it('has an agent only if one is known, since a wrong one loses the KILL, and grace in nanoseconds', () => {
    const driver = driverOf();
    driver.call('c1', driver.callOf({ kill: { task_id: 't1' } }));
    driver.call('c2', driver.callOf({ kill: { task_id: 't1', agent_id: 'agent-1', grace_seconds: 2.5 } }));
    expect(callsOf(driver, 'KILL').map(({ kill }) => kill)).toEqual([
      { task_id: { value: 't1' } },
      { task_id: { value: 't1' }, agent_id: { value: 'agent-1' }, kill_policy: { grace_period: { nanoseconds: 2_500_000_000 } } },
    ]);
  });

  it('is sent again when it is asked for again: it is not reliable', () => {
    const driver = driverOf();
    for (const id of ['c1', 'c2']) driver.call(id, driver.callOf({ kill: { task_id: 't1' } })).result(id, 'sent');
    expect(callsOf(driver, 'KILL')).toHaveLength(2);
  });
});

describe('include/mesos/v1/scheduler/scheduler.proto, events', () => {
  it('RESCIND forgets the offer: it is neither used nor declined after', () => {
    const driver = driverOf().offers(offerOf('o1'));
    driver
      .do(toDriverEvent({ type: 'RESCIND', rescind: { offer_id: { value: 'o1' } } })!)
      .accept('c1', 'o1')
      .pass(20_000);
    expect(driver.announcements('rescinds')).toMatchObject([{ offer_ids: ['o1'] }]);
    expect([callsOf(driver, 'ACCEPT'), callsOf(driver, 'DECLINE')]).toEqual([[], []]);
  });

  it('FAILURE of an agent or an executor is passed on with its raw status, and ends no task by itself', () => {
    const driver = driverOf();
    const failure = { agent_id: { value: 'agent-1' }, executor_id: { value: 'e1' }, status: 256 };
    driver.do(toDriverEvent({ type: 'FAILURE', failure })!);
    expect(driver.announcements('failure')).toMatchObject([{ agent_id: 'agent-1', executor_id: 'e1', status: 256 }]);
    expect(driver.published).toEqual([]);
  });

  it.each([{ type: 'MESSAGE' as const, message: { agent_id: { value: 'a' }, executor_id: { value: 'e' }, data: '' } }, {}])(
    '$type concerns nothing of ours',
    (event) => {
      expect(toDriverEvent(event)).toBeUndefined();
    },
  );

  it('an offer of an agent that is going to be maintained says when, to whoever decides about it', () => {
    const unavailability = { start: { nanoseconds: 1_800_000_000 } };
    const driver = driverOf().offers({ ...offerOf('o1'), unavailability });
    expect(driver.announcements('offers')[0]?.offers).toMatchObject([{ unavailability }]);
  });
});

describe('docs/maintenance.md', () => {
  const inverseOffers: Event = { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers: [inverseOfferOf('i1'), inverseOfferOf('i2')] } };

  it('INVERSE_OFFERS are passed on, and the answers sent with a filter that says when to ask again', () => {
    const driver = driverOf().do(toDriverEvent(inverseOffers)!);
    expect(driver.announcements('inverse_offers')[0]?.inverse_offers).toEqual([inverseOfferOf('i1'), inverseOfferOf('i2')]);
    const answer = (id: string) => ({ inverse_offer_ids: [id], refuse_seconds: 60 });
    driver.call('c1', driver.callOf({ accept_inverse_offers: answer('i1') }));
    driver.call('c2', driver.callOf({ decline_inverse_offers: answer('i2') }));
    const body = (id: string) => ({ inverse_offer_ids: [{ value: id }], filters: { refuse_seconds: 60 } });
    expect(callsOf(driver, 'ACCEPT_INVERSE_OFFERS')).toEqual([{ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: body('i1') }]);
    expect(callsOf(driver, 'DECLINE_INVERSE_OFFERS')).toEqual([{ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: body('i2') }]);
  });

  it('RESCIND_INVERSE_OFFER forgets the inverse offer: it is not answered after', () => {
    const driver = driverOf().do(toDriverEvent(inverseOffers)!);
    const rescind: Event = { type: 'RESCIND_INVERSE_OFFER', rescind_inverse_offer: { inverse_offer_id: { value: 'i1' } } };
    driver.do(toDriverEvent(rescind)!).call('c1', driver.callOf({ accept_inverse_offers: { inverse_offer_ids: ['i1'] } }));
    expect(driver.announcements('rescinded_inverse_offers')).toMatchObject([{ inverse_offer_ids: ['i1'] }]);
    expect(callsOf(driver, 'ACCEPT_INVERSE_OFFERS')).toEqual([]);
  });
});

describe('docs/app-framework-development-guide.md, multi-scheduler scalability', () => {
  it('who is idle suppresses its roles, holds no offer, and is revived once when something waits', () => {
    const driver = driverOf().offers(offerOf('o1')).desire(false, { revision: 2 }).pass(20_000);
    expect(callsOf(driver, 'SUPPRESS')).toHaveLength(1);
    expect(driver.state.offers.outstanding.size).toBe(0);
    driver.desire(true, { revision: 3 }).pass(20_000);
    expect(callsOf(driver, 'REVIVE')).toHaveLength(1);
  });
});

describe('docs/framework-rate-limiting.md: the v1 API has no limits, so the framework has', () => {
  it('tasks named by KILL and RECONCILE, and REVIVEs, leave at a limited rate', () => {
    const driver = driverOf();
    for (let n = 0; n < 1_500; n += 1) driver.call(`k${n}`, driver.callOf({ kill: { task_id: `t${n}` } }));
    expect(callsOf(driver, 'KILL')).toHaveLength(1_000);
    for (let n = 1; n <= 20; n += 1) driver.desire(true, { revision: n + 1, revive: n });
    expect(callsOf(driver, 'REVIVE').length).toBeLessThanOrEqual(5);
    driver.pass(1_000);
    expect(callsOf(driver, 'KILL')).toHaveLength(1_500);
  });
});
