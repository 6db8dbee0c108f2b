import { randomUUID } from 'node:crypto';
import { requestJson } from './http.js';

export interface Descriptor {
  readonly type: string;
  readonly kind: string;
  readonly nativeResourceId: string;
  readonly displayName: string;
  readonly hostName: string | null;
}

export interface DescriptorState {
  readonly state: 'ALLOCATED' | 'PENDING';
  readonly descriptor: Descriptor;
}

export interface Notification {
  readonly seq: number;
  readonly method: 'resourcesAllocated' | 'resourcesRevoked' | 'resourcesRevokeImminent';
  readonly clientId: string;
  readonly descriptors: readonly Descriptor[];
}

export interface AllocateOptions {
  readonly count?: number;
  readonly type?: 'SYNCHRONOUS' | 'ASYNCHRONOUS' | 'FLEXIBLE';
  readonly cores?: number;
  readonly memory?: number;
  readonly requestId?: string;
}

/** Plays the shim: one Streams domain controller that asks. */
export class BridgeClient {
  readonly client = {
    clientId: `controller-${randomUUID()}`,
    clientName: 'controller',
    domainId: 'StreamsDomain',
    zkConnect: 'localhost:2181',
    installPath: '/opt/ibm/InfoSphere_Streams',
    installVersion: '4.3.0.0',
    isController: true,
    isStreamtool: false,
  };

  constructor(private readonly url: string) {}

  call<T>(operation: string, body: object): Promise<T> {
    return requestJson<T>('POST', `${this.url}/resourcemgr/v1/${operation}`, {
      requestId: randomUUID(),
      client: this.client,
      locale: 'en_US',
      ...body,
    });
  }

  async allocate({ count = 1, type = 'SYNCHRONOUS', cores = 0.1, memory = 32, requestId = randomUUID() }: AllocateOptions = {}): Promise<
    DescriptorState[]
  > {
    const tags = {
      names: ['small'],
      definitions: { small: { type: 'PROPERTIES', properties: { cores: String(cores), memory: String(memory) } } },
    };
    const info = { instanceId: 'StreamsInstance', count, type, tags };
    return (await this.call<{ states: DescriptorState[] }>('allocateResources', { requestId, info })).states;
  }

  release(descriptors: readonly Descriptor[]): Promise<unknown> {
    return this.call('releaseResources', { descriptors });
  }

  cancel(descriptors: readonly Descriptor[]): Promise<unknown> {
    return this.call('cancelPendingResources', { descriptors });
  }

  async resourceState(): Promise<Record<string, unknown>[]> {
    const { result } = await this.call<{ result: string }>('customCommand', {
      commandData: '{"command":"getresourcestate","long":"true"}',
    });
    return (JSON.parse(result) as { resources: Record<string, unknown>[] }).resources;
  }

  async notifications(after = 0, waitMs = 0): Promise<Notification[]> {
    const query = new URLSearchParams({ after: String(after), waitMs: String(waitMs), clientId: this.client.clientId });
    return (await requestJson<{ notifications: Notification[] }>('GET', `${this.url}/resourcemgr/v1/notifications?${query}`)).notifications;
  }
}
