import type { Resource as ResourceMessage } from '@streams-on-mesos/messages';
import type { State } from '../model.js';
import { describeResource } from '../resources.js';

/** All resources of one owner, or of everybody: those that live and those that ended lately. */
export const listResources = (state: State, owner?: string): ResourceMessage[] => {
  const listed = owner === undefined ? [...state.resources.values()] : state.requests.resourcesOf(owner);
  return listed.map(describeResource);
};
