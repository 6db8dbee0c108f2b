import type { Allocate } from '@streams-on-mesos/messages';
import type { ConfigFault } from '../scaling/scaling-config.js';
import { quantityFault } from '../scaling/scaling-config.js';
import { SCALING } from '../resources.js';

const MAX_ID_LENGTH = 256;
/** A request is one record of a journal entry, which may not exceed 900 kB. */
const MAX_REQUEST_LENGTH = 256 * 1024;
// Mesos refuses task ids with other characters or above 255 (src/common/validation.cpp, validateID); the rest of the id is ours.
const TASK_PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const idFault = (field: string, value: string): ConfigFault | undefined =>
  value.length > 0 && value.length <= MAX_ID_LENGTH
    ? undefined
    : { field, message: `${field} has ${value.length} characters: give 1 to ${MAX_ID_LENGTH}` };

const ownerFault = (clientId: string): ConfigFault | undefined =>
  clientId === SCALING
    ? { field: 'client_id', message: `client_id "${SCALING}" stands for the scaled nodes: give another one` }
    : undefined;

const countFault = (count: number, maxCount: number): ConfigFault | undefined =>
  Number.isInteger(count) && count >= 1 && count <= maxCount
    ? undefined
    : { field: 'count', message: `count is ${count}: give a whole number from 1 to ${maxCount}` };

const prefixFault = (prefix: string | undefined): ConfigFault | undefined =>
  prefix === undefined || TASK_PREFIX.test(prefix)
    ? undefined
    : {
        field: 'task_prefix',
        message: `task_prefix is ${JSON.stringify(prefix.slice(0, 80))}: give up to 64 letters, digits, dots, dashes and underscores`,
      };

const workloadFault = (body: Allocate): ConfigFault | undefined => {
  const { command, kill_grace_seconds: grace } = body.workload;
  if (command.trim() === '') return { field: 'workload.command', message: 'workload.command is empty: give a shell command' };
  if (grace === undefined || (grace >= 0 && grace <= 86_400)) return undefined;
  return { field: 'workload.kill_grace_seconds', message: `workload.kill_grace_seconds is ${grace}: give a number from 0 to 86400` };
};

const lengthFault = (body: Allocate): ConfigFault | undefined => {
  const length = JSON.stringify(body).length;
  return length <= MAX_REQUEST_LENGTH
    ? undefined
    : { field: '', message: `the request has ${length} characters: give at most ${MAX_REQUEST_LENGTH}, and fetch what is larger by URI` };
};

/** Why a request can't be accepted; undefined: it can. */
export const allocateFault = (body: Allocate, maxCount: number): ConfigFault | undefined =>
  idFault('request_id', body.request_id) ??
  idFault('client_id', body.client_id) ??
  ownerFault(body.client_id) ??
  countFault(body.count, maxCount) ??
  quantityFault('each.cpus', body.each.cpus) ??
  quantityFault('each.mem', body.each.mem) ??
  prefixFault(body.task_prefix) ??
  workloadFault(body) ??
  lengthFault(body);
