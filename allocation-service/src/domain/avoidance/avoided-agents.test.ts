import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Request, State } from '../model.js';
import { newClientRequest } from '../requests/requests.js';
import { defaultSettings } from '../settings.js';
import { allocateBody } from '../testing/builders.js';
import { avoidedSince } from './avoided-agents.js';
import { compareBlamed, EarlyDeaths, type Blamed } from './early-deaths.js';

const AGENTS = ['a', 'b', 'c', 'd', 'e', 'f'];

const requestWith = (number: number, workload: number): Request =>
  newClientRequest(defaultSettings, String(number), allocateBody({ workload: { command: `w${workload}` } }), 0, '');

/** The rule as it is told, with all that is avoided put into one list. */
const avoidedBy = (requests: readonly Request[], one: Request, known: number): Map<string, number> => {
  const all: Blamed[] = AGENTS.flatMap((agentId) => {
    const dead = requests.filter(({ avoided }) => avoided.has(agentId));
    const isBlamed =
      new Set(dead.map(({ workload }) => workload.command)).size > 1 || dead.some((each) => each.livesElsewhere.has(agentId));
    const times = (isBlamed ? dead : dead.filter((each) => each === one)).map(({ avoided }) => avoided.get(agentId) ?? 0);
    return times.length === 0 ? [] : [{ agentId, since: Math.max(...times) }];
  });
  const order = (a: Blamed, b: Blamed): number =>
    b.since - a.since || Number(one.avoided.has(b.agentId)) - Number(one.avoided.has(a.agentId)) || compareBlamed(a, b);
  const kept = all.sort(order).slice(0, Math.floor(known / 2));
  return new Map(kept.map(({ agentId, since }) => [agentId, since]));
};

it('each request avoids its own agents and those that are to blame, half of all at most, whatever died, lived and was forgotten', () => {
  const step = fc.record({
    what: fc.constantFrom('death', 'death', 'death', 'life', 'return'),
    request: fc.nat(5),
    agent: fc.constantFrom(...AGENTS),
    at: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat(14), (steps, known) => {
      const requests = Array.from({ length: 6 }, (_, number) => requestWith(number, number % 3));
      const earlyDeaths = new EarlyDeaths();
      const agents = new Map(Array.from({ length: known }, (_, agent) => [agent, true]));
      const state = { earlyDeaths, leader: { agents } } as unknown as State;
      for (const { what, request: number, agent, at } of steps) {
        const request = requests[number];
        if (request === undefined) continue;
        if (what === 'death') {
          request.avoided.set(agent, at);
          earlyDeaths.add(request, agent);
        } else if (what === 'life') {
          const proven = requests.filter(({ workload }) => workload.command === request.workload.command);
          earlyDeaths.proveBy(request, agent);
          for (const { avoided, livesElsewhere } of proven)
            expect([...avoided.keys()].filter((other) => other !== agent && !livesElsewhere.has(other))).toEqual([]);
        } else {
          for (const each of [...earlyDeaths.requestsOf(agent)]) {
            each.avoided.delete(agent);
            each.livesElsewhere.delete(agent);
            earlyDeaths.delete(each, agent);
          }
        }
        for (const each of requests) {
          const found = AGENTS.flatMap((id) => {
            const since = avoidedSince(state, each, id);
            return since === undefined ? [] : [[id, since] as const];
          });
          expect(new Map(found)).toEqual(new Map([...avoidedBy(requests, each, known)].sort()));
        }
      }
    }),
  );
});
