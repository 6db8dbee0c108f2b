import type { Reply, Resource, Workload } from '@streams-on-mesos/messages';
import { checkServedDomain, type ClientInfo } from '../domain/client.js';
import { parseCustomCommand } from '../domain/custom-command.js';
import { descriptorOf, type ResourceDescriptor } from '../domain/descriptor.js';
import { encodeLabels } from '../domain/labels.js';
import { ProtocolError, type ProtocolErrors } from '../domain/protocol-error.js';
import { clientsWithResources, hasEnded, resourceStateRows } from '../domain/resource-state.js';
import { startCommand, TASK_PREFIX } from '../domain/start-command.js';
import { definedQuantities, quantitiesOf, type ResourceTags } from '../domain/tags.js';
import { waitLimitMs, type AllocateType } from '../domain/waits.js';
import type { BridgeConfig } from '../settings.js';
import type { AllocationRequests } from './allocation-requests.js';
import type { AskAllocation } from './ask-allocation.js';

export interface Caller {
  readonly requestId: string;
  readonly client: ClientInfo;
}

export interface AllocateInfo {
  readonly count: number;
  readonly type: AllocateType;
  readonly tags: ResourceTags;
  readonly instanceId?: string | undefined;
  readonly master: boolean;
}

export interface DescriptorState {
  readonly state: 'ALLOCATED' | 'PENDING';
  readonly descriptor: ResourceDescriptor;
}

export interface ResourceManagerParts {
  readonly config: BridgeConfig;
  readonly errors: ProtocolErrors;
  readonly ask: AskAllocation;
  readonly requests: AllocationRequests;
  readonly version: string;
}

/** Neither ALLOCATED nor PENDING: it has failed, or was given back, so nobody would ever hear of it again. */
const mayBeUsed = ({ resource, allocated }: Reply.Settled.Outcome): boolean => {
  const isGivenBack = resource.request_state === 'REQUEST_RELEASED' || resource.request_state === 'REQUEST_CANCELLED';
  return allocated || !(hasEnded(resource) || isGivenBack);
};

/** The operations of the resource-manager protocol in the words of allocation-service. Each throws ProtocolError. */
export class ResourceManager {
  readonly #parts: ResourceManagerParts;

  constructor(parts: ResourceManagerParts) {
    this.#parts = parts;
  }

  checkClient(client: ClientInfo): void {
    const { config, errors } = this.#parts;
    checkServedDomain(client, { domainId: config.streamsDomainId, zkConnect: config.streamsZkConnect }, errors);
  }

  /** The one resource of a master request; like any other it may still be pending when the wait is over. */
  async allocateMaster(caller: Caller, tags: ResourceTags): Promise<ResourceDescriptor> {
    const [master] = await this.allocate(caller, { count: 1, type: 'SYNCHRONOUS', tags, master: true });
    if (master === undefined) throw this.#parts.errors.masterNotAllocated(caller.client.domainId ?? '');
    return master.descriptor;
  }

  async allocate({ requestId, client }: Caller, info: AllocateInfo): Promise<DescriptorState[]> {
    const { config, errors, requests } = this.#parts;
    this.checkClient(client);
    const each = quantitiesOf(info.tags, { cpus: config.dcCores, mem: config.dcMemory }, config.resourceType, errors);
    if (info.count === 0) return [];
    const { outcomes = [] } = await requests.allocate(
      {
        request_id: requestId,
        client_id: client.clientId,
        count: Math.min(info.count, config.maxResourcesPerRequest),
        each,
        workload: this.#workload(client, info),
        labels: encodeLabels({
          master: info.master,
          tags: info.tags.names,
          domainId: client.domainId,
          instanceId: info.instanceId,
          // What a start command is made of later on: by whichever bridge is asked, perhaps after a restart of this one.
          ...(config.adapterUrl === undefined ? {} : { zkConnect: client.zkConnect, installPath: this.#installPath(client) }),
        }),
        task_prefix: TASK_PREFIX,
      },
      waitLimitMs(info.type, {
        synchronousSecs: config.waitSyncSecs,
        asynchronousSecs: config.waitAsyncSecs,
        flexibleSecs: config.waitFlexibleSecs,
      }),
    );
    return outcomes.filter(mayBeUsed).map(({ resource, allocated }) => ({
      state: allocated ? 'ALLOCATED' : 'PENDING',
      descriptor: descriptorOf(resource, config.resourceType),
    }));
  }

  async release({ requestId, client }: Caller, what: readonly string[] | 'all'): Promise<void> {
    if (what !== 'all' && what.length === 0) return;
    const which = what === 'all' ? { all: true } : { resource_ids: [...what] };
    await this.#parts.ask({ release: { client_id: client.clientId, request_id: requestId, ...which } }, requestId);
  }

  async cancel({ requestId, client }: Caller, resourceIds: readonly string[]): Promise<void> {
    if (resourceIds.length === 0) return;
    await this.#parts.ask({ cancel: { client_id: client.clientId, request_id: requestId, resource_ids: [...resourceIds] } }, requestId);
  }

  validateTags(tags: ResourceTags): void {
    definedQuantities(tags, this.#parts.config.resourceType, this.#parts.errors);
  }

  /** Refuses while Streams has resources, that client or, if none is named, any; forced it never does. */
  async validateStop(requestId: string, clientId: string | undefined, force: boolean): Promise<void> {
    if (force) return;
    const { ask, errors } = this.#parts;
    const clientIds = clientId === undefined ? clientsWithResources(await this.#resources(requestId)) : [clientId];
    for (const client_id of clientIds) {
      await ask({ validate_stop: { client_id } }, requestId).catch((error: unknown) => {
        throw error instanceof ProtocolError && error.status === 409 ? errors.managingResources(error.args.slice(1)) : error;
      });
    }
  }

  /** Answers with the text of a JSON object. */
  async customCommand(requestId: string, commandData: string): Promise<string> {
    const { config, errors, version } = this.#parts;
    const command = parseCustomCommand(commandData, errors);
    if (command.command === 'getversion') return JSON.stringify({ rc: 0, versionString: version });
    const resources = resourceStateRows(await this.#resources(requestId), config.resourceType, command.long);
    return JSON.stringify({ rc: 0, resources });
  }

  async #resources(requestId: string): Promise<Resource[]> {
    const reply = await this.#parts.ask({ query_resources: {} }, requestId);
    return reply.resources?.resources ?? [];
  }

  #workload(client: ClientInfo, { tags, master }: AllocateInfo): Workload {
    const { config } = this.#parts;
    const always = {
      environment: config.startControllerEnvironment,
      uris: config.startControllerUris.map((value) => ({ value })),
      ...(config.mesosUser === undefined ? {} : { user: config.mesosUser }),
    };
    if (config.adapterUrl !== undefined) return { command: '', deferred: true, stop_hook: true, ...always };
    return {
      command: startCommand(config.startControllerCommand, {
        resourceType: config.resourceType,
        domainId: client.domainId ?? config.streamsDomainId ?? '',
        zkConnect: client.zkConnect ?? config.streamsZkConnect ?? '',
        installPath: this.#installPath(client) ?? '',
        isMaster: master,
        tags: tags.names,
      }),
      ...always,
    };
  }

  #installPath({ installPath }: ClientInfo): string | undefined {
    return this.#parts.config.streamsInstallPath ?? installPath;
  }
}
