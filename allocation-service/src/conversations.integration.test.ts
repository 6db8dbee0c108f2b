import { until } from '@streams-on-mesos/local-environment';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleForTests, FrameworkOnTheWire } from './testing/framework-on-the-wire.js';

describe('what a streams-bridge is asked', () => {
  const bundle = bundleForTests();

  it('is the start command for the host, then the end of the task, before it is killed', async () => {
    const framework = await FrameworkOnTheWire.begin(bundle.path, { STOP_TIMEOUT_SECS: '3' });
    onTestFinished(() => framework.end());
    const { offerService } = framework;
    const bridge = framework.bridge();
    const requester = await framework.requester();
    const process = await framework.startLeading();
    bridge.answer = ({ resolve_workload: resolve, run_stop_hook: stop }) => {
      if (resolve !== undefined) {
        const { ask_id, allocation_term, workload, resource } = resolve;
        return {
          workload_resolved: { ask_id, allocation_term, workload: { ...workload, deferred: false, command: `start on ${resource.host}` } },
        };
      }
      return stop && { stop_hook_run: { ask_id: stop.ask_id, allocation_term: stop.allocation_term } };
    };
    const workload = { command: '', deferred: true, stop_hook: true };
    await requester.ask({
      allocate: { request_id: 'r', client_id: 'client', count: 1, each: { cpus: 1, mem: 128 }, workload, task_prefix: 'test' },
    });
    await offerService.untilWanted();
    await offerService.offer('agent-1');
    const [task] = await offerService.untilLaunched(1);
    if (task === undefined) throw new Error('no task');
    expect(task).toMatchObject({ task_id: { value: 'test_resource_0_0' }, command: { value: 'start on agent-1.example' } });
    await offerService.status(task, 'TASK_RUNNING');
    await until('it runs', 20_000, async () => {
      const { resources } = await process.get<{ resources: { state: string }[] }>('/api/v1/resources');
      return resources[0]?.state === 'RUNNING';
    });
    expect((await requester.ask({ validate_stop: { client_id: 'client' } })).error).toMatchObject({ code: 'CONFLICT' });

    await requester.ask({ release: { client_id: 'client', request_id: 'r', all: true } });
    await until('the hook', 20_000, () => bridge.asked.some(({ run_stop_hook }) => run_stop_hook?.resource.id === 'resource_0'));
    const kills = () => offerService.calls.filter(({ call }) => call.kill !== undefined);
    expect(kills()).toEqual([]);
    // It does not end by itself.
    await until('the KILL', 20_000, () => kills().length > 0);
    await offerService.status(task, 'TASK_KILLED');
    await until(
      'nothing is in use',
      20_000,
      async () => (await requester.ask({ validate_stop: { client_id: 'client' } })).done !== undefined,
    );
  });
});
