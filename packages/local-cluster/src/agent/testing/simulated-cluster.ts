// One master, agents with simulated executors and one framework on a network, all in a simulated time (fake timers): for histories
// that take hours.
import type { Event, FrameworkInfo, TaskInfo, TaskStatus } from '../../generated/protocol.js';
import { defaultMasterSettings, type MasterSettings } from '../../master/domain/master-settings.js';
import { newMaster } from '../../master/domain/master-state.js';
import { Master } from '../../master/master.js';
import { LeaderBoard } from '../../network/leader-board.js';
import { Network } from '../../network/network.js';
import { parseResources } from '../../resources/resources-text.js';
import { AlarmClock } from '../../simulation/alarm-clock.js';
import { SimulatedExecutor } from '../../simulation/simulated-executor.js';
import { AgentNode } from '../agent-node.js';
import { MemoryRecords } from '../checkpoint/record-tree.js';
import { defaultRetryIntervals } from '../update-stream.js';

/** Numerical Recipes' generator. @returns numbers from 0 to 1 */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const MASTER = 'master@127.0.0.1:5050';
const STREAM = 'stream';

export class SimulatedCluster {
  readonly network = new Network();
  readonly leaders = new LeaderBoard();
  readonly master: Master;
  readonly agents: AgentNode[];
  readonly events: Event[] = [];
  /** Told and not acknowledged yet. */
  readonly unacknowledged: TaskStatus[] = [];
  private readonly clock = new AlarmClock();
  private tasks = 0;

  constructor(random: () => number, agents: number, settings: Partial<MasterSettings> = {}, framework: Partial<FrameworkInfo> = {}) {
    const info = { id: 'm', ip: 0, port: 5050, hostname: '127.0.0.1', pid: MASTER };
    const state = newMaster(
      { info, settings: { ...defaultMasterSettings, ...settings }, seed: Math.floor(random() * 2 ** 31) },
      Date.now(),
    );
    this.master = new Master(state, {
      event: (_stream, event) => this.told(event),
      closeStream: () => undefined,
      agentMessage: (to, message) => this.network.send(MASTER, to, message),
      link: (to) => this.network.link(MASTER, to),
      registry: () => undefined,
      log: () => undefined,
    });
    this.network.start(MASTER, this.master);
    this.leaders.announce(MASTER);
    this.agents = Array.from({ length: agents }, (_, index) => this.newAgent(random, `127.0.0.${11 + index}`));
    for (const agent of this.agents) agent.start();
    const framework_info: FrameworkInfo = {
      user: 'root',
      name: 'test',
      roles: ['*'],
      checkpoint: true,
      capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }],
      ...framework,
    };
    this.master.subscribe(STREAM, { framework_info });
  }

  get frameworkId(): string {
    return this.events.find(({ subscribed }) => subscribed)?.subscribed?.framework_id.value ?? '';
  }

  call(body: Parameters<Master['call']>[0]): void {
    this.master.call({ framework_id: { value: this.frameworkId }, ...body }, STREAM);
  }

  /** A task on any offer; true if there was one. */
  launch(command: string): boolean {
    const offer = this.master.state.offers.values().next().value;
    if (offer === undefined) return false;
    const id = `t${this.tasks}`;
    this.tasks += 1;
    const task: TaskInfo = {
      name: id,
      task_id: { value: id },
      agent_id: { value: offer.agentId },
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
      ],
      command: { value: command },
    };
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task] } }];
    this.call({ type: 'ACCEPT', accept: { offer_ids: [{ value: offer.id }], operations, filters: { refuse_seconds: 0 } } });
    return true;
  }

  kill(taskId: string): void {
    this.call({ type: 'KILL', kill: { task_id: { value: taskId } } });
  }

  acknowledgeAll(): void {
    for (const { agent_id, task_id, uuid = '' } of this.unacknowledged.splice(0))
      if (agent_id !== undefined) this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  stop(): void {
    for (const agent of this.agents) agent.kill();
    this.master.stop();
    this.clock.stop();
  }

  private told(event: Event): void {
    this.events.push(event);
    const status = event.update?.status;
    if (status?.uuid !== undefined) this.unacknowledged.push(status);
  }

  private newAgent(random: () => number, hostname: string): AgentNode {
    return new AgentNode({
      info: { hostname, ip: hostname, port: 5051, resources: parseResources('cpus:8;mem:8192'), attributes: [] },
      network: this.network,
      leaders: this.leaders,
      newStarter: () => (by, start) => new SimulatedExecutor(this.clock, by, start, 900_000),
      records: new MemoryRecords(),
      retryIntervals: defaultRetryIntervals,
      registrationBackoffFactorMs: 1_000,
      executorReregistrationTimeoutMs: 2_000,
      workDir: '/',
      random,
    });
  }
}
