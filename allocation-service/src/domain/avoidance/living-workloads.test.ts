import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasEnded } from '../resources.js';
import { offer, reconciliation } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { workloadKey } from './workload-key.js';

const AGENTS = ['agent-1', 'agent-2', 'agent-3'];

/** The look at everything that the index spares. */
const livesOff = ({ state, now }: Scenario, key: string, agentId: string): boolean =>
  [...state.resources.values()].some((resource) => {
    if (hasEnded(resource) || resource.state !== 'RUNNING' || workloadKey(resource.request) !== key) return false;
    const since = resource.task?.runningSince ?? Infinity;
    const lives = resource.requestState === 'REQUEST_ALLOCATED' || now - since >= state.settings.waitAllocatedSecs * 1000;
    return lives && resource.placement !== undefined && resource.placement.agentId !== agentId;
  });

const step = fc.record({
  what: fc.constantFrom('ask', 'offer', 'runs', 'runs', 'runs', 'dies', 'lost', 'unready', 'stops', 'settle', 'wait', 'takeover'),
  which: fc.nat(5),
  agent: fc.constantFrom(...AGENTS),
});

it('a workload lives on another agent when a look at all resources says so, whatever ran, died, stopped and was taken over', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const story = Scenario.leading();
      let count = 0;
      for (const { what, which, agent } of steps) {
        const tasks = [...story.state.tasks.keys()];
        const task = tasks[which % Math.max(1, tasks.length)] ?? 'none';
        count += 1;
        if (what === 'ask') story.allocate({ request_id: `r${count}`, workload: { command: `run ${which % 2}` } });
        else if (what === 'offer') story.offers(offer(`o${count}`, { agent }));
        else if (what === 'runs') story.status(task, 'TASK_RUNNING').wait(which);
        else if (what === 'dies') story.status(task, 'TASK_FAILED');
        else if (what === 'lost') story.status(task, 'TASK_UNREACHABLE');
        else if (what === 'unready') story.status(task, 'TASK_RUNNING', { healthy: false });
        else if (what === 'stops') story.release([`resource_${which}`]);
        else if (what === 'settle') story.settle(`r${count - which}`);
        else if (what === 'wait') story.wait(which);
        else {
          story.restart().subscribe();
          for (const each of tasks) story.status(each, 'TASK_RUNNING', reconciliation);
        }
        story.wait(0);
        for (const request of story.state.requests.values()) {
          for (const agentId of AGENTS) {
            const expected = livesOff(story, workloadKey(request), agentId);
            if (expected) found += 1;
            expect(story.state.livingWorkloads.hasOffAgent({ request }, agentId), `after ${what}`).toBe(expected);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(found).toBeGreaterThan(0);
});
