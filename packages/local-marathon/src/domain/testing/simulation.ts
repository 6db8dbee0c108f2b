import type { Offer, TaskInfo, TaskState, TaskStatus } from '@streams-on-mesos/mesos';
import type { AppUpdate } from '../app-update.js';
import { putApps } from '../commands.js';
import type { Effect, MarathonEvent } from '../events.js';
import { emptyState, tasksOf, type State } from '../state.js';
import { converge, step } from '../step.js';
import type { Task } from '../task.js';

export const seed = '0b2d3f4a-5c6e-4f70-8192-a3b4c5d6e7f8';

/** For tests: an offer with plenty, of an agent with the number given. */
export const offer = (agent = 1, quantities: { cpus?: number; mem?: number; ports?: readonly [number, number] } = {}): Offer => {
  const { cpus = 8, mem = 16_384, ports = [31_000, 31_999] } = quantities;
  const allocation_info = { role: '*' };
  return {
    id: { value: `offer-of-${agent}` },
    framework_id: { value: 'framework' },
    agent_id: { value: `agent-${agent}` },
    hostname: `127.0.0.1${agent}`,
    allocation_info,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: cpus }, allocation_info },
      { name: 'mem', type: 'SCALAR', scalar: { value: mem }, allocation_info },
      { name: 'disk', type: 'SCALAR', scalar: { value: 10_000 }, allocation_info },
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: ports[0], end: ports[1] }] }, allocation_info },
    ],
  };
};

/** For tests: the state machine with a clock of its own and a Mesos that does what it is told, when it is told to. */
export class Simulation {
  now = Date.parse('2026-11-21T10:00:00Z');
  readonly effects: Effect[] = [];
  private updates = 0;

  constructor(readonly state: State = emptyState(seed)) {}

  static subscribed(): Simulation {
    const simulation = new Simulation();
    simulation.handle({ type: 'subscribed', frameworkId: 'framework', newFramework: true });
    return simulation;
  }

  /** The effects of one event. */
  handle(event: MarathonEvent): Effect[] {
    return this.record(step(this.state, event, this.now));
  }

  /** Carries a command out and answers with its result. */
  command<T>(run: (state: State, now: number) => T): T {
    const result = run(this.state, this.now);
    this.record(converge(this.state, this.now));
    return result;
  }

  put(app: AppUpdate): Effect[] {
    const before = this.effects.length;
    const result = this.command((state, now) => putApps(state, [{ cmd: 'sleep 1000', ...app }], now));
    if (result.refused) throw new Error(JSON.stringify(result));
    return this.effects.slice(before);
  }

  later(seconds: number): Effect[] {
    this.now += seconds * 1000;
    return this.handle({ type: 'tick' });
  }

  status(taskId: string, state: TaskState, more: Partial<TaskStatus> = {}): Effect[] {
    this.updates += 1;
    const uuid = Buffer.from(String(this.updates)).toString('base64');
    const agent_id = this.state.tasks.get(taskId)?.agentId ?? 'agent-1';
    return this.handle({
      type: 'status',
      status: { task_id: { value: taskId }, state, uuid, agent_id: { value: agent_id }, timestamp: this.now / 1000, ...more },
    });
  }

  offers(...offers: Offer[]): TaskInfo[] {
    return launched(this.handle({ type: 'offers', offers: offers.length > 0 ? offers : [offer()] }));
  }

  /** Offers, and a RUNNING for what was launched on them. */
  launch(...offers: Offer[]): string[] {
    const ids = this.offers(...offers).map(({ task_id }) => task_id.value);
    for (const id of ids) this.status(id, 'TASK_RUNNING');
    return ids;
  }

  probeResult(taskId: string, healthy: boolean): Effect[] {
    return this.handle({ type: 'probe-result', taskId, check: 0, outcome: healthy ? { healthy } : { healthy, cause: '503' } });
  }

  tasks(appId: string): Task[] {
    return tasksOf(this.state, appId);
  }

  private record(effects: Effect[]): Effect[] {
    this.effects.push(...effects);
    return effects;
  }
}

export const launched = (effects: readonly Effect[]): TaskInfo[] =>
  effects.flatMap((effect) => (effect.type === 'accept' ? effect.tasks : []));

export const killed = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'kill' ? [effect.taskId] : []));

/** The effects' types but logs. */
export const kinds = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type).filter((type) => type !== 'log');
