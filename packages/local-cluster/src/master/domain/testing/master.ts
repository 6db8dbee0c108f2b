// Builders for tests of the master's decisions: time is a number, effects are looked at.
import type { Event, FrameworkInfo, MasterInfo, TaskInfo } from '../../../generated/protocol.js';
import { agentRegisters } from '../agents/register.js';
import type { AgentInfo, ToAgent } from '../../../network/messages.js';
import { requestAllocation, runAllocation } from '../allocator/allocator.js';
import { defaultMasterSettings, type MasterSettings } from '../master-settings.js';
import { newMaster, type MasterState } from '../master-state.js';
import type { Turn } from '../turn.js';
import { parseAttributes } from '../../../resources/attributes-text.js';
import { parseResources } from '../../../resources/resources-text.js';
import { schedulerCall, type CallAnswer } from '../scheduler-calls.js';
import { subscribe } from '../subscription.js';

export class TestMaster {
  readonly state: MasterState;
  now = 1_000_000;
  /** stream → events */
  readonly events = new Map<string, Event[]>();
  readonly messages: { readonly agentId: string; readonly message: ToAgent }[] = [];
  /** To processes that are no agents, or no longer. */
  readonly processMessages: { readonly to: string; readonly message: ToAgent }[] = [];

  constructor(settings: Partial<MasterSettings> = {}, seed = 1, more: Partial<MasterInfo> = {}) {
    const info = { id: 'm', ip: 0, port: 5050, hostname: 'master', ...more };
    this.state = newMaster({ info, settings: { ...defaultMasterSettings, ...settings }, seed }, this.now);
  }

  turn<T>(decide: (turn: Turn) => T): T {
    const turn: Turn = { now: this.now, effects: [] };
    const result = decide(turn);
    runAllocation(this.state, turn);
    for (const effect of turn.effects) {
      if (effect.type === 'event') this.events.set(effect.stream, [...(this.events.get(effect.stream) ?? []), effect.event]);
      if (effect.type === 'agent-message') this.messages.push({ agentId: effect.agentId, message: effect.message });
      if (effect.type === 'process-message') this.processMessages.push({ to: effect.to, message: effect.message });
    }
    return result;
  }

  /** @returns its id */
  agent(hostname: string, resources = 'cpus:4;mem:4096', attributes = '', more: Partial<AgentInfo> = {}): string {
    const parsed = { resources: parseResources(resources), attributes: parseAttributes(attributes) };
    const info = { hostname, ip: hostname, port: 5051, ...parsed, ...more };
    const { size } = this.state.agents;
    this.turn((turn) =>
      agentRegisters(this.state, `slave(1)@${hostname}:5051`, { type: 'register', agent: info, total: info.resources }, turn),
    );
    return [...this.state.agents.keys()][size] ?? '';
  }

  /** The stream is called like the framework. @returns its id */
  framework(name: string, overrides: Partial<FrameworkInfo> = {}, suppressed: string[] = []): string {
    const capabilities = [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }];
    const framework_info = { user: 'root', name, roles: ['*'], capabilities, failover_timeout: 60, ...overrides };
    this.turn((turn) => subscribe(this.state, name, { framework_info, suppressed_roles: suppressed }, turn));
    return [...this.state.frameworks.values()].find(({ stream }) => stream === name)?.id ?? '';
  }

  call(name: string, body: Parameters<typeof schedulerCall>[1]): CallAnswer {
    const id = [...this.state.frameworks.values()].find(({ stream }) => stream === name)?.id ?? '';
    return this.turn((turn) => schedulerCall(this.state, { framework_id: { value: id }, ...body }, name, turn));
  }

  cycle(afterMs = 0): void {
    this.now += afterMs;
    this.turn(() => requestAllocation(this.state, 'all'));
  }

  /** Everything offered so far. */
  offers(name: string) {
    return (this.events.get(name) ?? []).flatMap(({ offers }) => offers?.offers ?? []);
  }

  /** Those that were not used or rescinded. */
  open(name: string) {
    return this.offers(name).filter(({ id }) => this.state.offers.has(id.value));
  }

  /** Takes the first open offer and starts a task on it. */
  launch(name: string, taskId: string, cpus = 1, mem = 32, filters?: { refuse_seconds: number }): CallAnswer {
    const [offer] = this.open(name);
    if (offer === undefined) throw new Error(`${name} has no offer`);
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: [task(taskId, offer.agent_id.value, cpus, mem)] } }];
    return this.call(name, { type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, ...(filters && { filters }) } });
  }

  declineAll(name: string, refuse_seconds?: number): void {
    const filters = refuse_seconds === undefined ? undefined : { refuse_seconds };
    this.call(name, { type: 'DECLINE', decline: { offer_ids: this.open(name).map(({ id }) => id), ...(filters && { filters }) } });
  }
}

export const task = (id: string, agentId: string, cpus: number, mem = 32): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: { value: agentId },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
    { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
  ],
  command: { value: 'true' },
});
