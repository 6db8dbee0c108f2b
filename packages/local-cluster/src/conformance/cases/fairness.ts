// Who is offered what comes free: the one that holds least.
import type { Offer, TaskInfo } from '../../generated/protocol.js';
import { alone } from '../case.js';
import { expectEqual, notRun } from '../expect.js';
import type { Framework } from '../framework.js';
import { CPUS, MEM, scalar, task } from '../tasks.js';

const onAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

/** As much as a task has by itself, so many times. */
const large = (id: string, times: number, { agent_id }: Offer): TaskInfo => ({
  ...task(id, 'sleep 60', { resources: [scalar('cpus', CPUS * times), scalar('mem', MEM * times)] }),
  agent_id,
});

export const fairnessCases = alone([
  {
    name: 'of two frameworks of a role the one that holds less is offered what comes free',
    source:
      'src/master/allocator/mesos/hierarchical.cpp, __generateOffers; src/master/allocator/mesos/sorter/drf/sorter.cpp, DRFSorter::calculateShare',
    run: async (context) => {
      const first = await context.framework();
      const offer = await first.offer();
      const second = await context.framework();
      const tasks = [{ ...task('t', 'sleep 60'), agent_id: offer.agent_id }];
      // The rest is refused for no longer than until the next cycle, in which both may have it.
      await first.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: tasks } }], 0);
      await second.expectOffer('the rest', ({ agent_id }) => agent_id.value === offer.agent_id.value);
    },
  },
  {
    name: 'roles are served by level: what a/x holds counts for a, so b is offered before a/y that holds nothing',
    source:
      'docs/roles.md#hierarchical-roles; src/master/allocator/mesos/sorter/drf/sorter.cpp, DRFSorter::sort: each level by the shares of its subtrees',
    run: async (context) => {
      if (context.facts.flags['roles'] !== undefined) notRun('the master has a list of roles');
      const of = (role: string): Promise<Framework> => context.framework({ info: { roles: [role] } });
      const x = await of('conformance-a/x');
      const offer = await x.offer();
      const launch = (tasks: TaskInfo[]): Offer.Operation[] => [{ type: 'LAUNCH', launch: { task_infos: tasks } }];
      await x.accept([offer], launch([large('x', 3, offer)]));
      const restOfX = await x.offer(onAgent(offer));
      const b = await of('conformance-b');
      // Nothing of this agent is for a/x any more, so that only b and a/y are asked.
      await x.decline([restOfX], 600);
      const first = await b.offer(onAgent(offer));
      const y = await of('conformance-a/y');
      await b.accept([first], launch([large('b', 1, first)]));
      await b.expectOffer('the rest', onAgent(offer));
      expectEqual('the offers of a/y on this agent', y.offers().filter(onAgent(offer)), []);
    },
  },
]);
