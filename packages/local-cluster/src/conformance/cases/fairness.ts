// Who is offered what comes free: the one that holds least.
import { alone } from '../case.js';
import { task } from '../tasks.js';

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
]);
