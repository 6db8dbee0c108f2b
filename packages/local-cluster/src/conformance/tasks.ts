// Tasks that any Linux agent can run.
import type { CommandInfo, Resource, TaskInfo } from '../generated/protocol.js';

/** A task before it is known which agent it goes to. */
export type TaskDraft = Omit<TaskInfo, 'agent_id'>;

export const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });

export const ranges = (name: string, ...pairs: readonly (readonly [number, number])[]): Resource => ({
  name,
  type: 'RANGES',
  ranges: { range: pairs.map(([begin, end]) => ({ begin, end })) },
});

export const CPUS = 0.1;
export const MEM = 32;

/** 0.1 cpus and 32 MB, unless `overrides` says otherwise. */
export const task = (id: string, command: string | CommandInfo = 'true', overrides: Partial<TaskInfo> = {}): TaskDraft => ({
  name: id,
  task_id: { value: id },
  resources: [scalar('cpus', CPUS), scalar('mem', MEM)],
  command: typeof command === 'string' ? { value: command } : command,
  ...overrides,
});
