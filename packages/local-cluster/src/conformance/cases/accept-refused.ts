// ACCEPT with offers that can't be used: every task gets TASK_DROPPED.
import type { TaskStatus } from '../../generated/protocol.js';
import { alone, bothEncodings } from '../case.js';
import { capabilities } from '../case-context.js';
import { expectEqual, expectFields, expectTrue, notRun } from '../expect.js';
import { on, type Framework } from '../framework.js';
import { task } from '../tasks.js';

const source = 'src/master/master.cpp, Master::accept; src/master/validation.cpp, namespace offer';

const LAUNCH = (agentId: string, id = 't') => ({
  type: 'LAUNCH' as const,
  launch: { task_infos: [{ ...task(id), agent_id: { value: agentId } }] },
});

const dropped = async (framework: Framework, offerIds: readonly string[], agentId: string): Promise<TaskStatus> => {
  await framework.acceptIds(offerIds, [LAUNCH(agentId)]);
  return framework.status('t', () => true);
};

const expectDropped = (status: TaskStatus, agentId: string, reason: string): void =>
  expectFields('the status', status, {
    state: 'TASK_DROPPED',
    message: `Task launched with invalid offers: ${reason}`,
    source: 'SOURCE_MASTER',
    reason: 'REASON_INVALID_OFFERS',
    agent_id: { value: agentId },
    uuid: undefined,
  });

export const acceptRefusedCases = alone([
  {
    name: 'an offer that does not exist: TASK_DROPPED',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const agentId = context.facts.agents[0]?.id ?? 'no-agent';
      expectDropped(await dropped(framework, ['no-such-offer'], agentId), agentId, 'Offer no-such-offer is no longer valid');
    },
  },
  {
    name: 'an offer that was used: TASK_DROPPED',
    source,
    run: async (context) => {
      const framework = await context.framework();
      const { id, agent_id } = await framework.offer();
      await framework.acceptIds([id.value], []);
      expectDropped(await dropped(framework, [id.value], agent_id.value), agent_id.value, `Offer ${id.value} is no longer valid`);
    },
  },
  {
    name: 'an offer twice: TASK_DROPPED, and the offer is gone',
    source,
    run: async (context) => {
      const framework = await context.framework();
      const { id, agent_id } = await framework.offer();
      expectDropped(
        await dropped(framework, [id.value, id.value], agent_id.value),
        agent_id.value,
        `Duplicate offer ${id.value} in offer list`,
      );
      await framework.acceptIds([id.value], [LAUNCH(agent_id.value, 'later')]);
      const { message } = await framework.status('later', () => true);
      expectEqual('a later use', message, `Task launched with invalid offers: Offer ${id.value} is no longer valid`);
    },
  },
  {
    name: `another framework's offer: TASK_DROPPED`,
    source,
    run: async (context) => {
      const owner = await context.framework();
      const { id, agent_id } = await owner.offer();
      const thief = await context.framework();
      const reason = `Offer ${id.value} has invalid framework ${owner.id} while framework ${thief.id} is expected`;
      expectDropped(await dropped(thief, [id.value], agent_id.value), agent_id.value, reason);
    },
  },
  {
    name: 'offers of two agents: TASK_DROPPED',
    source,
    run: async (context) => {
      context.needsAgents(2);
      const framework = await context.framework();
      const first = await framework.offer();
      const second = await framework.offer(({ agent_id }) => agent_id.value !== first.agent_id.value);
      const [one, two] = [first, second].map(({ agent_id }) => agent_id.value);
      const status = await dropped(framework, [first.id.value, second.id.value], first.agent_id.value);
      const reason = `Aggregated offers must belong to one single agent. Offer ${second.id.value} uses agent ${two ?? ''} and agent ${one ?? ''}`;
      expectDropped(status, first.agent_id.value, reason);
    },
  },
  {
    name: 'offers of two roles: TASK_DROPPED',
    source: 'src/master/validation.cpp, offer::validateAllocationRole',
    run: async (context) => {
      context.needsAgents(2);
      if (context.facts.flags['roles'] !== undefined) return notRun('the master has a list of roles');
      const framework = await context.framework({ info: { roles: ['conformance-a', 'conformance-b'] } });
      const first = await framework.offer();
      const role = first.allocation_info?.role ?? '';
      const second = await framework.offer(({ allocation_info }) => allocation_info?.role !== role);
      const other = second.allocation_info?.role ?? '';
      const status = await dropped(framework, [first.id.value, second.id.value], first.agent_id.value);
      // The odd quotes are Mesos's.
      const reason = `Aggregated offers must be allocated to the same role. Offer ${second.id.value} uses role '${other} but another is using role '${role}`;
      expectDropped(status, first.agent_id.value, reason);
    },
  },
  {
    name: 'a framework without PARTITION_AWARE gets TASK_LOST instead of TASK_DROPPED',
    source: 'src/master/master.cpp, Master::accept: protobuf::frameworkHasCapability PARTITION_AWARE',
    run: async (context) => {
      const framework = await context.framework({ info: { capabilities: capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT') } });
      const agentId = context.facts.agents[0]?.id ?? 'no-agent';
      const status = await dropped(framework, ['no-such-offer'], agentId);
      expectFields('the status', status, { state: 'TASK_LOST', reason: 'REASON_INVALID_OFFERS' });
    },
  },
  {
    name: 'the offers that were valid beside an invalid one are offered again',
    source: 'src/master/master.cpp, Master::accept: recoverResources of the offers',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      expectDropped(
        await dropped(framework, [offer.id.value, 'no-such-offer'], offer.agent_id.value),
        offer.agent_id.value,
        'Offer no-such-offer is no longer valid',
      );
      const again = await framework.expectOffer('the agent again', ({ agent_id }) => agent_id.value === offer.agent_id.value);
      expectEqual('its resources', again.resources, offer.resources);
    },
  },
  {
    name: 'a rescinded or unknown offer can be declined without harm',
    source: 'src/master/master.cpp, Master::decline: "Ignoring decline of offer … since it is no longer valid"',
    run: async (context) => {
      const framework = await context.framework();
      await framework.send({ type: 'DECLINE', decline: { offer_ids: [{ value: 'no-such-offer' }] } });
      await framework.fence();
      expectTrue(
        'no error came',
        framework.events.every(({ type }) => type !== 'ERROR'),
      );
      expectEqual('what runs still runs', (await framework.run(task('t'))).state, 'TASK_FINISHED');
    },
  },
  {
    name: 'a LAUNCH that is refused does not keep the others from running',
    source: 'src/master/master.cpp, Master::_accept: each task is validated by itself',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const good = on(offer, task('good'));
      const bad = on(offer, task('bad', 'true', { resources: [] }));
      await framework.accept(
        [offer],
        [
          { type: 'LAUNCH', launch: { task_infos: [bad, good] } },
          { type: 'LAUNCH', launch: { task_infos: [on(offer, task('second'))] } },
        ],
      );
      expectEqual('the bad one', (await framework.end('bad')).state, 'TASK_ERROR');
      expectEqual('the good one', (await framework.end('good')).state, 'TASK_FINISHED');
      expectEqual('the second LAUNCH', (await framework.end('second')).state, 'TASK_FINISHED');
    },
  },
]);
