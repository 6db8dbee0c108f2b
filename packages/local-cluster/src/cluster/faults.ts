// Faults as an interface: what is broken on purpose, and mended again.
import type { AgentNode } from '../agent/agent-node.js';
import type { MasterFaults, MasterNode } from '../master/master-node.js';
import type { DisturbanceKind } from '../network/disturbance.js';
import type { Network } from '../network/network.js';
import { FaultError, parseFaultRequest, type FaultRequest } from './fault-request.js';
import { leaderOf, subscriptionOf, type MasterPlace } from './masters.js';

const COMMANDS_DIE_AFTER_MS = 300;

interface Standing {
  readonly request: FaultRequest;
  readonly mend: () => void | Promise<void>;
  /** false: it has ended by itself, as the fault of a stream that is no more. */
  readonly holds: () => boolean;
}

export class Faults {
  /** By what is broken: a second fault of the same takes the first one's place. */
  private readonly standing = new Map<string, Standing>();

  constructor(
    private readonly masters: readonly MasterPlace[],
    private readonly agents: readonly AgentNode[],
    private readonly network: Network,
    private readonly masterFaults: MasterFaults,
  ) {}

  /**
   * Breaks at once. Resolves when it is done: a killed master that returns starts first.
   * @throws FaultError at once, naming the field, its value and what there is
   */
  set(wanted: FaultRequest): Promise<void> {
    const request = parseFaultRequest({ ...wanted });
    switch (request.fault) {
      case 'commands-die':
        return this.atAgents(request, 'commands', (node) => {
          node.commandsDieAfterMs = COMMANDS_DIE_AFTER_MS;
          return () => (node.commandsDieAfterMs = undefined);
        });
      case 'hold-updates':
        return this.disturb(request, { type: 'hold' });
      case 'drop-updates':
        return this.disturb(request, { type: 'drop' });
      case 'double-updates':
        return this.disturb(request, { type: 'double' });
      case 'lose-agent':
        return this.atAgent(request, 'line', (node) => this.lose(node));
      case 'partition-agent':
        return this.atAgent(request, 'line', (node) => this.partition(node));
      case 'pause-agent':
        return this.atAgent(request, 'process', (node) => {
          node.pause();
          return () => node.resume();
        });
      case 'kill-agent':
        return this.atAgent(request, 'process', (node) => {
          node.kill();
          return () => node.restart();
        });
      case 'return-agent': {
        const { pid } = this.agent(request.agent);
        return this.mend(`process ${pid}`, `line ${pid}`);
      }
      case 'renew-agent': {
        const node = this.agent(request.agent);
        return this.mend(`process ${node.pid}`, `line ${node.pid}`).then(() => node.renew());
      }
      case 'withhold-offers':
        this.masterFaults.offersWithheld = true;
        return this.stand('offers', request, () => {
          this.masterFaults.offersWithheld = false;
          this.leader()?.master.allocationCycle();
        });
      case 'rescind-offers':
        this.leader()?.master.rescindOffers(request.agent === undefined ? undefined : this.agent(request.agent).id);
        return Promise.resolve();
      case 'delay-calls':
        this.masterFaults.callDelayMs = request.ms ?? 0;
        return this.stand('calls', request, () => void (this.masterFaults.callDelayMs = 0));
      case 'cut-stream': {
        const { node, stream } = this.subscription(request.framework);
        node.streams.cut(stream);
        return Promise.resolve();
      }
      case 'stall-stream':
      case 'slow-stream':
        return this.slow(request, request.bytesPerSecond ?? 0);
      case 'kill-master': {
        const place = this.master(request.master);
        place.kill();
        return this.stand(`master ${place.address}`, { ...request, master: place.address }, () =>
          place.start().catch((error: Error) => {
            throw new FaultError(`master: ${place.address} can't be started: ${error.message}`);
          }),
        );
      }
      case 'pause-master': {
        const place = this.master(request.master);
        if (place.running === undefined) throw new FaultError(`master: ${place.address} is ${place.condition} and can't be paused`);
        place.pause();
        return this.stand(`master ${place.address}`, { ...request, master: place.address }, () => place.resume());
      }
      case 'return-master':
        return this.mend(`master ${this.master(request.master).address}`);
    }
  }

  /** What is broken now, in the order in which it was. */
  inForce(): FaultRequest[] {
    for (const [what, { holds }] of this.standing) if (!holds()) this.standing.delete(what);
    return [...this.standing.values()].map(({ request }) => request);
  }

  /** Mends everything. Resolves when it is done. */
  clear(): Promise<void> {
    return this.mend(...this.standing.keys());
  }

  private leader(): MasterNode | undefined {
    return leaderOf(this.masters);
  }

  private stand(what: string, request: FaultRequest, mend: Standing['mend'], holds = () => true): Promise<void> {
    this.standing.delete(what);
    this.standing.set(what, { request, mend, holds });
    return Promise.resolve();
  }

  private async mend(...whats: readonly string[]): Promise<void> {
    const mended = whats.map((what) => {
      const standing = this.standing.get(what);
      this.standing.delete(what);
      return standing?.mend();
    });
    await Promise.all(mended);
  }

  private atAgent(request: FaultRequest, what: string, breakIt: (node: AgentNode) => () => void): Promise<void> {
    return this.atNodes([this.agent(request.agent)], request, what, breakIt);
  }

  /** All of them, if none is named. */
  private atAgents(request: FaultRequest, what: string, breakIt: (node: AgentNode) => () => void): Promise<void> {
    return this.atNodes(request.agent === undefined ? this.agents : [this.agent(request.agent)], request, what, breakIt);
  }

  private atNodes(
    nodes: readonly AgentNode[],
    request: FaultRequest,
    what: string,
    breakIt: (node: AgentNode) => () => void,
  ): Promise<void> {
    for (const node of nodes) {
      void this.mend(`${what} ${node.pid}`);
      void this.stand(`${what} ${node.pid}`, { ...request, agent: node.id ?? node.info.hostname }, breakIt(node));
    }
    return Promise.resolve();
  }

  private disturb(request: FaultRequest, how: DisturbanceKind): Promise<void> {
    return this.atAgents(request, 'updates', ({ pid }) => {
      this.network.disturb(pid, 'status-update', how);
      return () => void this.network.mend(pid, 'status-update');
    });
  }

  /** Nothing passes between it and the masters any more. */
  private partition(node: AgentNode): () => void {
    this.network.partition(node.pid);
    return () => {
      if (this.network.heal(node.pid)) node.registerAgain();
    };
  }

  /** And the master has found out. */
  private lose(node: AgentNode): () => void {
    const mend = this.partition(node);
    this.leader()?.master.agentLost(node.id ?? '');
    return mend;
  }

  private slow(request: FaultRequest, bytesPerSecond: number): Promise<void> {
    const { node, stream, framework } = this.subscription(request.framework);
    node.streams.slow(stream, bytesPerSecond);
    const mend = (): void => node.streams.slow(stream, undefined);
    return this.stand(`stream ${framework.id}`, request, mend, () => framework.stream === stream);
  }

  private subscription(framework = ''): NonNullable<ReturnType<typeof subscriptionOf>> {
    const found = subscriptionOf(this.masters, framework);
    if (found !== undefined) return found;
    const there = [...(this.leader()?.master.state.frameworks.values() ?? [])].filter(({ stream }) => stream !== undefined);
    throw new FaultError(
      `framework: ${framework} is not the id of a subscribed framework; there ${there.length === 0 ? 'is none' : `are ${there.map(({ id }) => id).join(', ')}`}`,
    );
  }

  private agent(agent: string | undefined): AgentNode {
    const found = this.agents.find((node) => node.id === agent || node.info.hostname === agent);
    if (found !== undefined) return found;
    const there = this.agents.map((node) => `${node.id ?? '(not registered)'} (${node.info.hostname})`).join(', ');
    throw new FaultError(`agent: ${agent ?? '(none given)'} is none of ${there === '' ? 'the agents, of which there are none' : there}`);
  }

  private master(master: string | undefined): MasterPlace {
    const found = this.masters.find(({ address, condition }) => (master === 'leader' ? condition === 'leading' : address === master));
    if (found !== undefined) return found;
    const there = this.masters.map(({ address, condition }) => `${address} (${condition})`).join(', ');
    throw new FaultError(`master: ${master ?? '(none given)'} is none of ${there}`);
  }
}
