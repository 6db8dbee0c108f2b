import { expect, it } from 'vitest';
import { offer } from '../domain/testing/builders.js';
import { Scenario } from '../domain/testing/scenario.js';
import { nodesOf, serialise } from './entry.js';

const AGENTS = 5_000;

/** A request that dies early on one agent after the other, and the bytes of the entry of each death. */
const dieOnAll = (agents: number): { readonly story: Scenario; readonly bytes: number[] } => {
  const story = Scenario.leading({ avoidAgentSecs: 2_592_000, relaunchBackoff: { firstSecs: 0, factor: 1, maxSecs: 0 } });
  story.allocate({ request_id: 'dies', workload: { command: 'exit 1' } });
  const bytes: number[] = [];
  for (let n = 0; n < agents; n += 1) {
    const agent = `agent-${String(n).padStart(4, '0')}`;
    story.offers(offer(`offer-${n}`, { agent })).status(`streams_resource_0_${n}`, 'TASK_FAILED');
    bytes.push(nodesOf(1, [serialise(story.written)]).reduce((sum, node) => sum + node.length, 0));
    story.forget().wait(1);
  }
  return { story, bytes };
};

it('an early death writes as much when a request avoids 5,000 agents as when it avoids ten, and no record comes near the limit of a node', () => {
  const { story, bytes } = dieOnAll(AGENTS);
  expect(story.state.requests.get(JSON.stringify(['client-1', 'dies']))?.avoided.size).toBe(AGENTS);
  // Numbers get more digits, and nothing else.
  expect(bytes.at(-1)).toBeLessThan((bytes[9] ?? 0) + 30);
  expect(Math.max(...bytes)).toBeLessThan(2_000);
  const largest = Math.max(...[...story.records.values()].map((record) => JSON.stringify(record).length));
  expect(largest).toBeLessThan(2_000);
});
