// A framework that subscribes again: after a cut, in spite of another subscription, too late.
import { alone, bothEncodings } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectTrue, notRun } from '../expect.js';
import type { Framework } from '../framework.js';
import { task } from '../tasks.js';

const scheduler = 'src/master/http.cpp, Master::Http::scheduler';
const removed = 'src/master/master.cpp, validateFramework: isCompletedFramework';

const refusedWith = async (context: CaseContext, framework: Framework): Promise<string | undefined> => {
  const stream = await context.subscribe({ ...framework.info, id: { value: framework.id } });
  const first = await stream.until('an answer', (events) => events[0], context.patienceMs);
  return first.error?.message;
};

export const failoverCases = alone([
  {
    name: 'a second subscription ends the first with "Framework failed over"',
    source: 'src/master/master.cpp, Master::failoverFramework',
    encodings: bothEncodings,
    run: async (context) => {
      const first = await context.framework();
      const second = await context.again(first);
      await first.subscription.untilClosed(context.patienceMs);
      expectEqual('the last event of the first', first.events.at(-1)?.error, { message: 'Framework failed over' });
      expectEqual('the id', second.id, first.id);
      expectTrue('the stream ids differ', second.subscription.streamId !== first.subscription.streamId);
    },
  },
  {
    name: 'a call with the stream id of an earlier subscription is refused with 400',
    source: scheduler,
    run: async (context) => {
      const first = await context.framework();
      await context.again(first);
      const { status, body } = await first.call({ type: 'REVIVE' });
      const text = `The stream ID '${first.subscription.streamId}' included in this request didn't match the stream ID currently associated with framework ID ${first.id}`;
      expectEqual('the answer', { status, body }, { status: 400, body: text });
    },
  },
  {
    name: 'a call without Mesos-Stream-Id is refused with 400',
    source: scheduler,
    run: async (context) => {
      const framework = await context.framework();
      const { status, body } = await context.post(JSON.stringify({ type: 'REVIVE', framework_id: { value: framework.id } }));
      const text = `All non-subscribe calls should include the 'Mesos-Stream-Id' header`;
      expectEqual('the answer', { status, body }, { status: 400, body: text });
    },
  },
  {
    name: 'a call of a framework whose stream is cut is refused with 403',
    source: scheduler,
    run: async (context) => {
      const framework = await context.framework();
      await context.cut(framework);
      const { status, body } = await framework.call({ type: 'REVIVE' });
      expectEqual('the answer', { status, body }, { status: 403, body: 'Framework is not subscribed' });
    },
  },
  {
    name: 'within failover_timeout the framework comes back with its tasks',
    source: 'docs/high-availability-framework-guide.md',
    encodings: bothEncodings,
    run: async (context) => {
      const first = await context.framework();
      await first.launch([task('t', 'sleep 60')]);
      await first.status('t', 'TASK_RUNNING');
      await context.cut(first);
      const second = await context.again(first);
      expectEqual('the task', (await second.reconcile('t')).state, 'TASK_RUNNING');
      await second.expectOffer('an offer');
    },
  },
  {
    name: 'what was not acknowledged comes again at once after a new subscription',
    source: 'src/slave/slave.cpp, Slave::updateFramework: taskStatusUpdateManager->resume()',
    run: async (context) => {
      const first = await context.framework({ acknowledges: false });
      await first.launch([task('t', 'sleep 60')]);
      const told = await first.status('t', 'TASK_STARTING');
      await context.cut(first);
      const second = await context.again(first);
      const again = await second.status('t', 'TASK_STARTING');
      expectEqual('the uuid', again.uuid, told.uuid);
      await second.status('t', 'TASK_RUNNING');
    },
  },
  {
    name: 'after failover_timeout the framework is removed',
    source: `src/master/master.cpp, Master::frameworkFailoverTimeout; ${removed}`,
    run: async (context) => {
      const framework = await context.framework({ info: { failover_timeout: 1 } });
      await context.cut(framework);
      await context.eventually('the end of the framework', async () => {
        const { body } = await framework.call({ type: 'REVIVE' });
        return body === 'Framework cannot be found' ? body : undefined;
      });
      expectEqual('a new subscription', await refusedWith(context, framework), 'Framework has been removed');
    },
  },
  {
    name: 'without failover_timeout the framework is gone with its stream',
    source: 'include/mesos/v1/mesos.proto, FrameworkInfo.failover_timeout: the default is 0',
    run: async (context) => {
      const framework = await context.framework({ info: { failover_timeout: 0 } });
      await context.cut(framework);
      // Its removal comes after its disconnection, at once but by itself.
      await context.eventually('the end of the framework', async () => {
        const { body } = await framework.call({ type: 'REVIVE' });
        return body === 'Framework cannot be found' ? body : undefined;
      });
    },
  },
  {
    name: 'a torn down framework can not subscribe again: "Framework has been removed", and the stream ends',
    source: removed,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      await framework.send({ type: 'TEARDOWN' });
      const stream = await context.subscribe({ ...framework.info, id: { value: framework.id } });
      expectEqual('the status', stream.status, 200);
      await stream.untilClosed(context.patienceMs);
      expectEqual('the events', stream.events, [{ type: 'ERROR', error: { message: 'Framework has been removed' } }]);
    },
  },
  {
    name: 'an id that the master never gave is taken as it is',
    source: 'src/master/master.cpp, Master::_subscribe: recoverFramework',
    run: async (context) => {
      const id = `conformance-${Date.now()}`;
      const framework = await context.framework({ info: { id: { value: id } } });
      expectEqual('the id', framework.id, id);
      await framework.expectOffer('an offer');
    },
  },
  {
    name: 'a new subscription changes name and roles, but neither user nor checkpoint',
    source: 'src/master/validation.cpp, framework::preserveImmutableFields',
    since: '1.9',
    run: async (context) => {
      if (context.facts.flags['roles'] !== undefined) notRun('the master has a list of roles');
      const first = await context.framework({ info: { name: 'before' } });
      await context.again(first, { info: { name: 'after', user: 'somebody', checkpoint: false, roles: ['conformance-b'] } });
      const { frameworks } = await context.getJson<{ frameworks: Record<string, unknown>[] }>('/frameworks');
      const seen = frameworks.find((one) => one['id'] === first.id) ?? {};
      const { name, user, checkpoint, roles } = seen;
      const wanted = { name: 'after', user: context.settings.user, checkpoint: true, roles: ['conformance-b'] };
      expectEqual('the framework', { name, user, checkpoint, roles }, wanted);
    },
  },
]);
