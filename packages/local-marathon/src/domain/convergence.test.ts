import type { TaskState } from '@streams-on-mesos/mesos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteApp } from './commands.js';
import type { Effect } from './events.js';
import { offer, Simulation } from './testing/simulation.js';

type Fate = 'sent' | 'not-sent' | 'taken-unknown' | 'dropped-unknown';

interface Running {
  readonly appId: string;
  readonly command: string;
}

/** A Mesos that runs what it is told, may lose calls, and whose updates arrive when the test says. */
class World {
  readonly marathon = Simulation.subscribed();
  readonly running = new Map<string, Running>();
  readonly everLaunched = new Set<string>();
  private readonly updates: [string, TaskState][] = [];
  private done = 0;
  fate: Fate = 'sent';

  get state() {
    return this.marathon.state;
  }

  /** Carries out what Marathon wants since the last time. */
  settle(): void {
    while (this.done < this.marathon.effects.length) this.perform(this.marathon.effects[this.done++] as Effect);
  }

  private perform(effect: Effect): void {
    if (effect.type === 'accept') this.accept(effect);
    if (effect.type === 'kill' && this.state.connected && this.running.delete(effect.taskId))
      this.updates.push([effect.taskId, 'TASK_KILLED']);
    if (effect.type === 'reconcile') {
      for (const { taskId } of effect.tasks) this.updates.push([taskId, this.running.has(taskId) ? 'TASK_RUNNING' : 'TASK_UNKNOWN']);
    }
  }

  private accept({ tasks }: Extract<Effect, { type: 'accept' }>): void {
    const taskIds = tasks.map(({ task_id }) => task_id.value);
    const { fate } = this;
    this.fate = 'sent';
    if (fate === 'sent' || fate === 'taken-unknown') tasks.forEach((task) => this.run(task));
    if (fate === 'not-sent') this.marathon.handle({ type: 'not-launched', taskIds });
    else if (fate !== 'sent') this.marathon.handle({ type: 'call-lost', taskIds });
  }

  private run(task: Extract<Effect, { type: 'accept' }>['tasks'][number]): void {
    const taskId = task.task_id.value;
    expect(this.everLaunched.has(taskId)).toBe(false);
    this.everLaunched.add(taskId);
    const variables = Object.fromEntries((task.command?.environment?.variables ?? []).map(({ name, value }) => [name, value ?? '']));
    this.running.set(taskId, { appId: variables['MARATHON_APP_ID'] ?? '', command: task.command?.value ?? '' });
    this.updates.push([taskId, 'TASK_RUNNING']);
  }

  offers(): void {
    if (this.state.connected && !this.state.suppressed) this.marathon.handle({ type: 'offers', offers: [offer(1), offer(2)] });
    this.settle();
  }

  deliver(): void {
    const update = this.updates.shift();
    if (update && this.state.connected) this.marathon.status(update[0], update[1]);
    this.settle();
  }

  fail(index: number): void {
    const [taskId] = [...this.running.keys()].slice(index);
    if (taskId !== undefined && this.running.delete(taskId)) this.updates.push([taskId, 'TASK_FAILED']);
  }

  disconnect(): void {
    this.marathon.handle({ type: 'disconnected' });
    this.updates.length = 0;
    this.marathon.handle({ type: 'subscribed', frameworkId: 'framework', newFramework: false });
    this.settle();
  }

  calmDown(): void {
    for (let round = 0; round < 60; round++) {
      this.marathon.later(31);
      this.settle();
      this.offers();
      while (this.updates.length > 0) this.deliver();
    }
  }
}

const appIds = ['/a', '/group/b'];
const appId = fc.constantFrom(...appIds);
const action = fc.oneof(
  fc.record({ type: fc.constant('put' as const), appId, instances: fc.nat(4), cmd: fc.constantFrom('one', 'two') }),
  fc.record({ type: fc.constant('delete' as const), appId }),
  fc.record({
    type: fc.constant('offers' as const),
    fate: fc.constantFrom<Fate>('sent', 'sent', 'not-sent', 'taken-unknown', 'dropped-unknown'),
  }),
  fc.record({ type: fc.constant('deliver' as const) }),
  fc.record({ type: fc.constant('fail' as const), index: fc.nat(5) }),
  fc.record({ type: fc.constant('disconnect' as const) }),
  fc.record({ type: fc.constant('later' as const), seconds: fc.nat(40) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function act(world: World, next: Action): void {
  world.marathon.now += 1;
  switch (next.type) {
    case 'put':
      world.marathon.put({ id: next.appId, instances: next.instances, cmd: next.cmd });
      break;
    case 'delete':
      world.marathon.command((state, now) => deleteApp(state, next.appId, now));
      break;
    case 'offers':
      world.fate = next.fate;
      world.offers();
      break;
    case 'later':
      world.marathon.later(next.seconds);
      break;
    case 'fail':
      world.fail(next.index);
      break;
    default:
      world[next.type]();
  }
  world.settle();
}

describe('whatever happens', () => {
  it('in the end exactly the wanted tasks run, and nothing was ever launched twice', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const world = new World();
        for (const next of actions) act(world, next);
        world.fate = 'sent';
        world.calmDown();
        const wanted = [...world.state.apps.values()].flatMap(({ id, instances, cmd = '' }) =>
          Array<string>(instances).fill(`${id} ${cmd}`),
        );
        expect([...world.running.values()].map((task) => `${task.appId} ${task.command}`).sort()).toEqual(wanted.sort());
        expect([...world.state.tasks.keys()].sort()).toEqual([...world.running.keys()].sort());
        expect(world.state.deployments).toEqual([]);
        expect(world.state.suppressed).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
