// Several tasks on one offer, several offers for one task, and what is left of them.
import type { Offer } from '../../generated/protocol.js';
import { alone, bothEncodings } from '../case.js';
import { expectEqual, expectFields } from '../expect.js';
import type { Framework } from '../framework.js';
import { unreservedScalar } from '../offers.js';
import { scalar, task } from '../tasks.js';

const source = 'src/master/master.cpp, Master::_accept';

const sameAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

/** Thousandths, in which Mesos counts. */
const milli = (offer: Offer, name: string): number => Math.round(unreservedScalar(offer, name) * 1000);

const expectLess = (what: string, rest: Offer, whole: Offer, less: { readonly cpus: number; readonly mem: number }): void => {
  expectEqual(`${what}, cpus`, milli(rest, 'cpus'), milli(whole, 'cpus') - less.cpus * 1000);
  expectEqual(`${what}, mem`, milli(rest, 'mem'), milli(whole, 'mem') - less.mem * 1000);
};

const launchAndWait = async (framework: Framework, id: string, offer?: Offer): Promise<Offer> => {
  const used = await framework.launch([task(id, 'sleep 60')], offer);
  await framework.status(id, 'TASK_RUNNING');
  return used;
};

export const packingCases = alone([
  {
    name: 'three tasks on one offer run, the rest of the offer is offered again',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const ids = ['one', 'two', 'three'];
      const offer = await framework.launch(ids.map((id) => task(id, 'sleep 60')));
      for (const id of ids) await framework.status(id, 'TASK_RUNNING');
      const rest = await framework.expectOffer('the rest', sameAgent(offer));
      expectLess('the rest', rest, offer, { cpus: 0.3, mem: 96 });
    },
  },
  {
    name: 'the rest of an offer is refused for as long as ACCEPT says',
    source: 'src/master/master.cpp, Master::_accept: recoverResources with accept.filters()',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const tasks = [{ ...task('t', 'sleep 60'), agent_id: offer.agent_id }];
      await framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: tasks } }], 3600);
      await framework.expectNoOffer('the rest', sameAgent(offer), 2 * context.facts.allocationIntervalMs);
      await framework.send({ type: 'REVIVE' });
      expectLess('the rest', await framework.expectOffer('the rest', sameAgent(offer)), offer, { cpus: 0.1, mem: 32 });
    },
  },
  {
    name: 'ACCEPT without operations declines',
    source: 'include/mesos/v1/scheduler/scheduler.proto, Call.Accept',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      await framework.accept([offer], [], 3600);
      await framework.expectNoOffer('the agent', sameAgent(offer), 2 * context.facts.allocationIntervalMs);
      await framework.send({ type: 'REVIVE' });
      await framework.expectOffer('the agent', sameAgent(offer));
    },
  },
  {
    name: 'ACCEPT without offers: TASK_DROPPED',
    source: 'src/master/master.cpp, Master::accept: "No offers specified"',
    run: async (context) => {
      const framework = await context.framework();
      const tasks = [{ ...task('t'), agent_id: { value: context.facts.agents[0]?.id ?? 'no-agent' } }];
      await framework.acceptIds([], [{ type: 'LAUNCH', launch: { task_infos: tasks } }]);
      expectFields('the status', await framework.status('t', () => true), {
        state: 'TASK_DROPPED',
        reason: 'REASON_INVALID_OFFERS',
        message: 'Task launched with invalid offers: No offers specified',
      });
    },
  },
  {
    name: 'two offers of one agent make one task',
    source: 'src/master/validation.cpp, offer::validate: several offers are allowed',
    run: async (context) => {
      const framework = await context.framework();
      // The first takes a part of the agent; what it leaves and what it frees come in two offers.
      const whole = await framework.offer();
      const half = Math.floor(unreservedScalar(whole, 'mem') / 2);
      const big = task('big', 'sleep 60', { resources: [scalar('cpus', 0.1), scalar('mem', half)] });
      await framework.launch([big], whole);
      await framework.status('big', 'TASK_RUNNING');
      const rest = await framework.offer(sameAgent(whole));
      await framework.send({ type: 'KILL', kill: { task_id: { value: 'big' } } });
      await framework.end('big');
      const freed = await framework.until('what it held', () =>
        framework
          .offers()
          .find((offer) => sameAgent(whole)(offer) && offer.id.value !== rest.id.value && offer.id.value !== whole.id.value),
      );
      const all = unreservedScalar(rest, 'mem') + unreservedScalar(freed, 'mem');
      const both = { ...task('both', 'true', { resources: [scalar('cpus', 0.1), scalar('mem', all)] }), agent_id: whole.agent_id };
      await framework.accept([rest, freed], [{ type: 'LAUNCH', launch: { task_infos: [both] } }]);
      expectEqual('the task', (await framework.end('both')).state, 'TASK_FINISHED');
    },
  },
  {
    name: 'what a task held is offered again when it has ended',
    source: 'src/master/master.cpp, Master::updateTask: recoverResources',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const tasks = [{ ...task('t', 'sleep 60'), agent_id: offer.agent_id }];
      await framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: tasks } }], 0);
      await framework.status('t', 'TASK_RUNNING');
      const rest = await framework.offer(sameAgent(offer));
      await framework.decline([rest], 3600);
      await framework.send({ type: 'KILL', kill: { task_id: { value: 't' } } });
      // More than what was refused is not refused.
      const again = await framework.expectOffer('the whole agent', sameAgent(offer));
      expectEqual('its resources', again.resources, offer.resources);
    },
  },
  {
    name: 'what a framework held when it is torn down goes to others',
    source: 'src/master/master.cpp, Master::removeFramework',
    run: async (context) => {
      const first = await context.framework();
      const offer = await launchAndWait(first, 't');
      const second = await context.framework();
      await first.send({ type: 'TEARDOWN' });
      // In one offer, or in that of the rest and that of what the task held.
      const sum = (name: string): number =>
        second
          .offers()
          .filter(sameAgent(offer))
          .reduce((all, one) => all + milli(one, name), 0);
      await second.until('all of the agent', () =>
        sum('cpus') >= milli(offer, 'cpus') && sum('mem') >= milli(offer, 'mem') ? true : undefined,
      );
    },
  },
]);
