import type { Allocate } from '@streams-on-mesos/messages';
import type { Request } from '../model.js';

/** Owns what an operator had adopted: no client asked for it, as far as anybody knows. */
export const ADOPTED = 'adopted';

export const isAdopted = (request: Request): boolean => request.owner === ADOPTED;

/**
 * The request that an adopted task stands for. What it runs and of what size it is was lost with the state, and Mesos does
 * not say in a status: so it can't be launched again, and its quantities are 0.
 */
export const adoptedAllocate = (taskId: string, taskPrefix: string): Allocate => ({
  request_id: taskId,
  client_id: ADOPTED,
  count: 1,
  each: { cpus: 0, mem: 0 },
  workload: { command: '' },
  task_prefix: taskPrefix,
});
