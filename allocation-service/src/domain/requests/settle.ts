import type { Reply, Settle } from '@streams-on-mesos/messages';
import type { Context } from '../context.js';
import { touch } from '../context.js';
import { isAllocatable } from '../delay.js';
import { warnOwner } from '../maintenance/warn-owner.js';
import type { Request, Resource } from '../model.js';
import { findRequest } from './requests.js';
import { describeResource } from '../resources.js';

const settleResource = (context: Context, resource: Resource): void => {
  const allocated = resource.requestState === 'REQUEST_NEW' && isAllocatable(context.state, resource, context.now);
  if (resource.requestState === 'REQUEST_NEW') resource.requestState = allocated ? 'REQUEST_ALLOCATED' : 'REQUEST_PENDING';
  if (allocated) context.state.livingWorkloads.add(resource);
  resource.settledAs = allocated ? 'ALLOCATED' : 'PENDING';
  touch(context, 'resource', resource.id);
};

/** Fixes once and for all which of a request's resources are reported ALLOCATED and which PENDING. */
const settleRequest = (context: Context, request: Request): number => {
  for (const resource of request.resources) settleResource(context, resource);
  request.settledSequence = context.state.durable.sequence;
  touch(context, 'request', request.key);
  const { settledSequence } = request;
  // After the number: the answer tells that they are ALLOCATED, and events what becomes of them.
  for (const resource of request.resources) warnOwner(context, resource);
  return settledSequence;
};

/** The answer that ends a wait: nothing falls between it and the client events after its sequence number, and a retry gets it again. */
export const settle = (context: Context, { client_id: clientId, request_id: requestId }: Settle): Omit<Reply, 'in_reply_to'> => {
  const request = findRequest(context.state, clientId, requestId, context.now);
  if (request === undefined) {
    const message = `request_id ${JSON.stringify(requestId)} is unknown: allocate first`;
    return { error: { code: 'NOT_FOUND', field: 'request_id', message } };
  }
  const sequence = request.settledSequence ?? settleRequest(context, request);
  const outcomes = [...request.resources].map((resource) => ({
    resource: describeResource(resource),
    allocated: resource.settledAs === 'ALLOCATED',
  }));
  return { settled: { outcomes, sequence } };
};
