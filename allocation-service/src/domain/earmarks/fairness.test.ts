import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const CPUS = 8;

/**
 * A cluster whose agents are offered every second with all that is free of them, as Mesos does, and a stream of small
 * requests that would take whatever is free at once.
 */
class BusyCluster {
  readonly story: Scenario;
  readonly #ends = new Map<string, { agent: string; cpus: number; at: number }>();
  #offers = 0;
  #requests = 0;

  constructor(
    readonly agents: readonly string[],
    readonly lifetime: (agent: string) => number,
    earmarkAfterSecs: number,
  ) {
    this.story = Scenario.leading({ earmarkAfterSecs, waitAllocatedSecs: 10_000, launchTimeoutSecs: 100_000 });
  }

  request(cpus: number, more: { count?: number; priority?: number } = {}): string {
    this.#requests += 1;
    this.story.allocate({ request_id: `request-${this.#requests}`, each: { cpus, mem: 1 }, ...more });
    return `request-${this.#requests}`;
  }

  waiting(requestId: string): number {
    return this.story.state.requests.get(JSON.stringify(['client-1', requestId]))?.waiting.size ?? 0;
  }

  /** Agents are earmarked for one request, and never more than it has resources that wait. */
  checkEarmark(): void {
    const { earmark } = this.story.state.leader;
    if (earmark === undefined) return;
    expect(earmark.agents.size).toBeLessThanOrEqual(this.story.state.requests.get(earmark.requestKey)?.waiting.size ?? 0);
  }

  #used(agent: string): number {
    return [...this.#ends.values()].reduce((sum, task) => sum + (task.agent === agent ? task.cpus : 0), 0);
  }

  second(): void {
    const { story } = this;
    story.wait(1);
    for (const [id, { at }] of this.#ends) {
      if (at > story.now) continue;
      this.#ends.delete(id);
      const resource = story.state.tasks.get(id)?.resourceId ?? '';
      story.release([resource]);
      story.status(id, 'TASK_KILLED');
    }
    const offers = this.agents.flatMap((agent) => {
      const free = CPUS - this.#used(agent);
      this.#offers += 1;
      return free <= 0 ? [] : [offer(`o${this.#offers}`, { agent, cpus: free, mem: 1000 })];
    });
    if (offers.length === 0) return;
    story.forget().offers(...offers);
    for (const task of story.launched) {
      const cpus = task.resources?.find(({ name }) => name === 'cpus')?.scalar?.value ?? 0;
      this.#ends.set(task.task_id.value, { agent: task.agent_id.value, cpus, at: story.now + this.lifetime(task.agent_id.value) * 1000 });
      story.status(task.task_id.value, 'TASK_RUNNING');
    }
  }
}

const agentsNamed = (count: number): string[] => Array.from({ length: count }, (_, n) => `agent-${n}`);

/** Seconds until the large request is placed among small ones that never let up; Infinity: not within the time. */
const secondsUntilPlaced = (cluster: BusyCluster, cpus: number, count: number, most: number): number => {
  const keepBusy = (): void => {
    while (cluster.story.state.waiting.size < 3) cluster.request(1, { count: cluster.agents.length * 2 });
  };
  for (let warm = 0; warm < 30; warm += 1) {
    keepBusy();
    cluster.second();
  }
  const large = cluster.request(cpus, { count });
  for (let second = 1; second <= most; second += 1) {
    keepBusy();
    cluster.second();
    cluster.checkEarmark();
    if (cluster.waiting(large) === 0) return second;
  }
  return Infinity;
};

describe('a large request among a stream of small ones', () => {
  const staggered = (seed: number, longest: number): (() => number) => {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return 1 + (state % longest);
    };
  };

  it('starves when no agents are earmarked for it', () => {
    expect(secondsUntilPlaced(new BusyCluster(agentsNamed(3), staggered(1, 20), 0), CPUS, 1, 150)).toBe(Infinity);
  });

  it('is placed within a bounded time when agents are, on never more than it needs', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 }), (seed, agents, count) => {
        const [wait, longest] = [10, 20];
        const cluster = new BusyCluster(agentsNamed(Math.max(agents, count)), staggered(seed, longest), wait);
        // What came before it has its turn; agents are kept; their tasks end, once more if they were exchanged before that.
        expect(secondsUntilPlaced(cluster, CPUS, count, 300)).toBeLessThanOrEqual(longest + wait + 4 * longest);
      }),
      { numRuns: 15 },
    );
  });

  it('is placed although the first agents that are earmarked for it never empty', { timeout: 30_000 }, () => {
    const stuck = new Set(['agent-0', 'agent-1']);
    const lives = staggered(7, 10);
    const cluster = new BusyCluster(agentsNamed(3), (agent) => (stuck.has(agent) ? 100_000 : lives()), 10);
    expect(secondsUntilPlaced(cluster, CPUS, 1, 300)).toBeLessThanOrEqual(10 + 10 + 20 + 40 + 30);
  });

  it('has no agents kept that could never hold it', () => {
    const story = Scenario.leading({ earmarkAfterSecs: 5 });
    story.allocate({ each: { cpus: CPUS + 1, mem: 1 } });
    story.wait(10).offers(offer('o1', { cpus: CPUS }));
    expect(story.state.leader.earmark).toBeUndefined();
  });
});

describe('an agent that is earmarked for a request', () => {
  const held = (): Scenario => {
    const story = Scenario.leading({ earmarkAfterSecs: 10 });
    story.allocate({ request_id: 'small', each: { cpus: 2, mem: 32 } });
    story.offers(offer('o1', { cpus: 4 }));
    story.allocate({ request_id: 'large', each: { cpus: 4, mem: 32 } });
    story.wait(11).offers(offer('o2', { cpus: 2 }));
    story.allocate({ request_id: 'late', each: { cpus: 1, mem: 32 } });
    return story.forget();
  };

  it('is not used for what comes after it, and is soon offered again', () => {
    const story = held().offers(offer('o3', { cpus: 2 }));
    expect(story.launched).toEqual([]);
    expect(story.calls.map(({ call }) => call.decline)).toEqual([{ offer_ids: ['o3'], refuse_seconds: 5 }]);
  });

  it('is used for what has a higher priority', () => {
    const story = held();
    story.allocate({ request_id: 'urgent', priority: 1, each: { cpus: 1, mem: 32 } });
    expect(story.offers(offer('o3', { cpus: 2 })).launched).toHaveLength(1);
  });

  it('is none for what lacks a licence: no room would be of use to it', () => {
    const story = Scenario.leading({ earmarkAfterSecs: 10 });
    story.allocate({ request_id: 'small', each: { cpus: 2, mem: 32 } });
    story.offers(offer('o0', { cpus: 4 })).forget();
    const pool = (count: number) =>
      story.send({ type: 'put-config', messageId: `pool ${count}`, config: { num_of_node: 0, licences: { L: count } } });
    pool(1).allocate({ request_id: 'licensed', each: { cpus: 4, mem: 32 }, licences: [{ name: 'L', count: 1 }] });
    story.offers(offer('o1', { cpus: 2 })).wait(11);
    story.allocate({ request_id: 'late', count: 2, each: { cpus: 1, mem: 32 } });
    expect(story.offers(offer('o2', { cpus: 2 })).launched).toEqual([]);
    pool(0);
    expect(story.offers(offer('o3', { cpus: 2 })).launched).toHaveLength(2);
  });

  it('is kept by the next leader too, as soon as it looks for agents again', () => {
    const story = held().restart().subscribe().forget();
    // Nothing is known yet of the agents that were kept.
    story.offers(offer('tiny', { agent: 'agent-9', cpus: 1 }));
    story.allocate({ request_id: 'later', count: 9, each: { cpus: 1, mem: 32 } });
    story
      .wait(30)
      .forget()
      .offers(offer('o3', { cpus: 2 }));
    expect(story.launched).toEqual([]);
  });

  it('is free again when the request is placed or gone', () => {
    const story = held();
    story.cancel(['resource_1']);
    expect(story.offers(offer('o3', { cpus: 2 })).launched.map(({ name }) => name)).toEqual(['resource_2']);
  });
});
