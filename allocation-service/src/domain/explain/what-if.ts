import type { Quantities } from '@streams-on-mesos/messages';
import type { Candidate } from '../matching/candidate.js';
import { refusalsOf, type Refusal } from '../matching/feasibility.js';
import type { Request, Resource, State } from '../model.js';
import type { Remedy } from './explanation.js';

/** A waiting resource and all that decides whether it fits. */
export interface Situation {
  readonly state: State;
  readonly request: Request;
  readonly resource: Resource;
  readonly now: number;
}

const requestedAfter = (requested: Quantities, remedy: Remedy): Quantities => {
  if (remedy.change === 'reduce') return { ...requested, [remedy.quantity]: remedy.to };
  if (remedy.change !== 'any-ports') return requested;
  const { port_ranges: _ranges, ...others } = requested;
  return { ...others, ports: remedy.ports };
};

/** The request as it would be. */
const requestAfter = (request: Request, remedy: Remedy): Request => {
  const { requirements } = request;
  const requiring = (more: Partial<typeof requirements>): Request => ({ ...request, requirements: { ...requirements, ...more } });
  switch (remedy.change) {
    case 'drop-constraint':
      return requiring({ constraints: requirements.constraints.filter((constraint) => constraint !== remedy.constraint) });
    case 'accept-revocable':
      return requiring({ revocable: true });
    case 'share-agent':
      return requiring({ aloneOnAgent: false });
    case 'use-role':
      return requiring({ role: remedy.role });
    case 'raise-priority':
      return requiring({ priority: remedy.to });
    default:
      return request;
  }
};

const stateAfter = (state: State, remedy: Remedy): State => {
  if (remedy.change !== 'raise-licence') return state;
  const scaling = { num_of_node: 0, ...state.scaling };
  return { ...state, scaling: { ...scaling, licences: { ...scaling.licences, [remedy.name]: remedy.to } } };
};

const after = (situation: Situation, remedy: Remedy): Situation => ({
  state: stateAfter(situation.state, remedy),
  request: requestAfter(situation.request, remedy),
  resource: { ...situation.resource, requested: requestedAfter(situation.resource.requested, remedy) },
  // The other wait only begins when nothing else is in the way.
  now: situation.now + (remedy.change === 'wait' && remedy.until === 'backed-off' ? remedy.seconds * 1000 : 0),
});

const isOutlasted = (remedy: Remedy): boolean => remedy.change === 'wait' && remedy.until === 'unwelcome-agents-will-do';

/** Whether what the matcher does not look at as a refusal for ever is over. */
const isOver = ({ reason }: Refusal, remedies: readonly Remedy[]): boolean => {
  if (reason === 'avoided') return remedies.some((remedy) => remedy.change === 'return-agent' || isOutlasted(remedy));
  return reason === 'maintenance' && remedies.some(isOutlasted);
};

/** What would still be in the way on the candidate once the remedies are done. */
export const refusalsAfter = (situation: Situation, candidate: Candidate, remedies: readonly Remedy[]): Refusal[] => {
  const { state, request, resource, now } = remedies.reduce(after, situation);
  return refusalsOf(state, request, resource, now)(candidate).filter((refusal) => !isOver(refusal, remedies));
};
