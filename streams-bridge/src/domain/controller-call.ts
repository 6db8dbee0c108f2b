import type { Resource } from '@streams-on-mesos/messages';
import { descriptorOf, type ResourceDescriptor } from './descriptor.js';
import { decodeLabels } from './labels.js';

/** What the served domain's settings say where a resource's labels say nothing. */
export interface ControllerDefaults {
  readonly resourceType: string;
  readonly domainId?: string | undefined;
  readonly zkConnect?: string | undefined;
  readonly installPath?: string | undefined;
}

/** What both helpers of the product are told of a domain controller: the parameters of ResourceManagerUtilities' methods. */
export interface ControllerCall {
  readonly installPath: string;
  readonly zkConnect: string;
  readonly domainId: string;
  readonly descriptor: ResourceDescriptor;
}

/** Of `getStartControllerCommand(installPath, zkConnect, domainId, descriptor, tags, fork, isMaster)`. */
export interface StartControllerCall extends ControllerCall {
  readonly tags: readonly string[];
  /** The container lives as long as the controller, so it stays in the foreground. */
  readonly fork: false;
  readonly isMaster: boolean;
}

/** Of `stopController(zkConnect, domainId, descriptor, clean)`. */
export interface StopControllerCall extends ControllerCall {
  /** The Mesos resource manager never asked for more than the end of the controller. */
  readonly clean: false;
}

export interface ControllerCalls {
  readonly start: StartControllerCall;
  readonly stop: StopControllerCall;
}

/** Undefined for a resource that Streams did not ask for. */
export const controllerCalls = (resource: Resource, defaults: ControllerDefaults): ControllerCalls | undefined => {
  const labels = decodeLabels(resource);
  if (labels === undefined) return undefined;
  const call: ControllerCall = {
    installPath: labels.installPath ?? defaults.installPath ?? '',
    zkConnect: labels.zkConnect ?? defaults.zkConnect ?? '',
    domainId: labels.domainId ?? defaults.domainId ?? '',
    descriptor: descriptorOf(resource, defaults.resourceType),
  };
  return {
    start: { ...call, tags: labels.tags, fork: false, isMaster: labels.master },
    stop: { ...call, clean: false },
  };
};
