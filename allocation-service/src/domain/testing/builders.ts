import type { Offer, Resource as MesosResource, TaskStatus } from '@streams-on-mesos/mesos';
import type { Allocate } from '@streams-on-mesos/messages';

export const scalar = (name: string, value: number, more: Partial<MesosResource> = {}): MesosResource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: '*' },
  ...more,
});

export interface OfferSpec {
  readonly agent?: string;
  readonly cpus?: number;
  readonly mem?: number;
  readonly resources?: MesosResource[];
}

export const offer = (id: string, { agent = 'agent-1', cpus = 4, mem = 8192, resources }: OfferSpec = {}): Offer => ({
  id: { value: id },
  framework_id: { value: 'framework-1' },
  agent_id: { value: agent },
  hostname: `${agent}.example`,
  allocation_info: { role: '*' },
  resources: resources ?? [
    scalar('cpus', cpus),
    scalar('mem', mem),
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 9 }] } },
  ],
});

export const allocateBody = (more: Partial<Allocate> = {}): Allocate => ({
  request_id: 'request-1',
  client_id: 'client-1',
  count: 1,
  each: { cpus: 1, mem: 1024 },
  workload: { command: 'exec controller' },
  labels: { tags: 'ingest' },
  task_prefix: 'streams',
  ...more,
});

/** From the task's executor unless told otherwise. */
export const status = (taskId: string, state: TaskStatus['state'], more: Partial<TaskStatus> = {}): TaskStatus => ({
  task_id: { value: taskId },
  state,
  source: 'SOURCE_EXECUTOR',
  ...more,
});

export const fromMaster: Partial<TaskStatus> = { source: 'SOURCE_MASTER' };
export const reconciliation: Partial<TaskStatus> = { source: 'SOURCE_MASTER', reason: 'REASON_RECONCILIATION' };
