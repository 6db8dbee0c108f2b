import type { Allocate } from '@streams-on-mesos/messages';
import { ADOPTED } from '../reconciliation/adopted-request.js';
import { SCALING } from '../resources.js';
import type { Settings } from '../settings.js';
import { fault, textFault, wholeNumberFault, type Fault } from './fault.js';
import { placementFault } from './placement-check.js';
import { quantitiesFault } from './quantities-check.js';
import { workloadFault } from './workload-check.js';

const MAX_ID_LENGTH = 256;
/** A request is one record of a journal entry, which may not exceed 900 kB. */
const MAX_REQUEST_LENGTH = 256 * 1024;
/** They are told with every resource: of a request of 1,000 that many times, in one reply and in every event. */
const MAX_LABELS_LENGTH = 8 * 1024;
// Mesos refuses task ids with other characters or above 255 (src/common/validation.cpp, validateID); the rest of the id is ours.
const TASK_PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const OWNERS_OF_OTHERS: readonly string[] = [SCALING, ADOPTED];

const ownerFault = (clientId: string): Fault | undefined =>
  OWNERS_OF_OTHERS.includes(clientId)
    ? fault('client_id', clientId, `give another one: ${OWNERS_OF_OTHERS.join(' and ')} stand for what no client asked for`)
    : undefined;

const prefixFault = (prefix: string | undefined): Fault | undefined =>
  prefix === undefined || TASK_PREFIX.test(prefix)
    ? undefined
    : fault('task_prefix', prefix, 'give up to 64 letters, digits, dots, dashes and underscores, the first a letter or digit');

const labelsFault = (labels: Allocate['labels']): Fault | undefined => {
  const { length } = JSON.stringify(labels ?? {});
  return length <= MAX_LABELS_LENGTH
    ? undefined
    : { field: 'labels', message: `labels have ${length} characters together: give at most ${MAX_LABELS_LENGTH}` };
};

const lengthFault = (body: Allocate): Fault | undefined => {
  const { length } = JSON.stringify(body);
  return length <= MAX_REQUEST_LENGTH
    ? undefined
    : { field: '', message: `the request has ${length} characters: give at most ${MAX_REQUEST_LENGTH}, and fetch what is larger by URI` };
};

/** Why a request can't be accepted; undefined: it can. `now`: epoch milliseconds. */
export const allocateFault = (body: Allocate, settings: Settings, now: number): Fault | undefined =>
  textFault('request_id', body.request_id, MAX_ID_LENGTH) ??
  textFault('client_id', body.client_id, MAX_ID_LENGTH) ??
  ownerFault(body.client_id) ??
  wholeNumberFault('count', body.count, 1, settings.maxResourcesPerRequest) ??
  quantitiesFault(body.each) ??
  prefixFault(body.task_prefix) ??
  labelsFault(body.labels) ??
  lengthFault(body) ??
  workloadFault(body.workload) ??
  placementFault(body, settings.roles, now);
