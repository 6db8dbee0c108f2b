// A master with one agent, on which one task of one framework runs; the rest of the agent is offered. Begins anew with `start`.
import { expect } from 'vitest';
import type { TaskState, TaskStatus } from '../../../generated/protocol.js';
import type { ReportedTask } from '../../../network/messages.js';
import { statusUpdate } from '../status-update.js';
import { task, TestMaster } from './master.js';
import { agentExited } from '../agents/disconnect.js';
import { agentTimers } from '../agents/pings.js';
import { agentReregisters } from '../agents/reregister.js';

export const PID = 'slave(1)@h1:5051';
const SETTINGS = { agentPingTimeoutMs: 1_000, maxAgentPingTimeouts: 3, agentReregisterTimeoutMs: 600_000 };

export let master: TestMaster;
export let agentId: string;

export const start = (framework: Parameters<TestMaster['framework']>[1] = {}, settings = {}): void => {
  master = new TestMaster({ ...SETTINGS, ...settings });
  agentId = master.agent('h1');
  master.framework('f', { checkpoint: true, ...framework });
  master.launch('f', 't', 1, 32, { refuse_seconds: 0 });
  master.cycle(1_000);
  tellRunning();
  master.events.clear();
  master.messages.length = 0;
  known = agent().info;
};
const tellRunning = (): void => tell('TASK_RUNNING', 'dQ==');
export const tell = (state: TaskState, uuid: string): void => {
  const status: TaskStatus = { task_id: { value: 't' }, state, uuid };
  master.turn((turn) => statusUpdate(master.state, { agentId, frameworkId: frameworkId(), status, latestState: state }, turn));
};
export const frameworkId = (): string => [...master.state.frameworks.keys()][0] ?? '';
export const framework = () => master.state.frameworks.get(frameworkId()) ?? expect.fail('no framework');
export const agent = () => master.state.agents.get(agentId) ?? expect.fail('no agent');
/** As `UPDATE t TASK_LOST` or `RESCIND`. */
export const told = (): string[] =>
  (master.events.get('f') ?? []).map(({ type, update }) =>
    update === undefined ? (type ?? '') : `UPDATE ${update.status.task_id.value} ${update.status.state}`,
  );
export const statuses = (): TaskStatus[] =>
  (master.events.get('f') ?? []).flatMap(({ update }) => (update === undefined ? [] : [update.status]));
export const said = (type: string) => master.messages.filter(({ message }) => message.type === type).map(({ message }) => message);
export const exit = (): void => master.turn((turn) => agentExited(master.state, PID, turn));
export const passMs = (ms: number): void => {
  for (let passed = 0; passed < ms; passed += 100) {
    master.now += 100;
    master.turn((turn) => agentTimers(master.state, turn));
  }
};
export const reported = (state: TaskState, id = 't'): ReportedTask => {
  const status: TaskStatus = { task_id: { value: id }, state, uuid: 'dQ==' };
  return {
    framework: framework().info,
    info: task(id, agentId, 1),
    role: '*',
    state,
    lastStatus: status,
    statusUpdateState: state,
    statusUpdateUuid: 'dQ==',
  };
};
export const reregister = (tasks: ReportedTask[], pid = PID, hostname = 'h1'): void => {
  const info = { ...(master.state.agents.get(agentId)?.info ?? known), hostname };
  const frameworks = tasks.map(({ framework: one }) => one);
  master.turn((turn) =>
    agentReregisters(
      master.state,
      pid,
      { type: 'reregister', agentId, agent: info, total: info.resources, frameworks, tasks, executors: [], operations: [] },
      turn,
    ),
  );
};
export let known: ReturnType<typeof agent>['info'];

/** Another one leads. */
export const newLeader = (): void => {
  master = new TestMaster(SETTINGS);
};
