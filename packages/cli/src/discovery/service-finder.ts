import {
  createLogger,
  findInstances,
  frameworkPaths,
  hasCode,
  ZooKeeperConnection,
  ZooKeeperError,
  type FrameworkPaths,
  type Instance,
  type ZooKeeperSession,
} from '@streams-on-mesos/service';
import { Unavailable } from '../failure.js';

export interface ServiceFinderOptions {
  readonly zookeeper: string;
  readonly frameworkName: string;
  /** Addresses to use whatever the registry says. */
  readonly allocationUrl: string | undefined;
  readonly bridgeUrl: string | undefined;
  readonly signal: AbortSignal;
}

/** Finds running services in the instance registry. Its ZooKeeper connection ends with the command. */
export class ServiceFinder {
  readonly #options: ServiceFinderOptions;
  #connection: Promise<ZooKeeperConnection> | undefined;

  constructor(options: ServiceFinderOptions) {
    this.#options = options;
  }

  /** @throws Unavailable when ZooKeeper is */
  instances(): Promise<Instance[]> {
    return this.#read(findInstances, []);
  }

  /** The id that Mesos gave this framework; undefined: none yet. @throws Unavailable when ZooKeeper is */
  frameworkId(): Promise<string | undefined> {
    return this.#read(async (session, paths) => {
      const node = await session.get(paths.frameworkId);
      return node?.data.toString('utf8').trim() || undefined;
    }, undefined);
  }

  /** Whether any allocation-service is registered, leading or not, or one was named. @throws Unavailable */
  async knowsAllocation(): Promise<boolean> {
    if (this.#options.allocationUrl !== undefined) return true;
    return (await this.instances()).some(({ service }) => service === 'allocation-service');
  }

  /** The URL of the allocation-service that leads. @throws Unavailable */
  async allocationUrl(): Promise<string> {
    return this.#options.allocationUrl ?? (await this.#find('allocation-service', 'leader'));
  }

  /** The URL of any streams-bridge. @throws Unavailable */
  async bridgeUrl(): Promise<string> {
    return this.#options.bridgeUrl ?? (await this.#find('streams-bridge', 'active'));
  }

  /** `nothing`: where nobody ever registered. */
  async #read<T>(read: (session: ZooKeeperSession, paths: FrameworkPaths) => Promise<T>, nothing: T): Promise<T> {
    const { zookeeper, frameworkName, signal } = this.#options;
    try {
      this.#connection ??= ZooKeeperConnection.connect(zookeeper, { logger: createLogger('streams-on-mesos', 'silent'), signal });
      const connection = await this.#connection;
      return await read(await connection.whenSession(signal), frameworkPaths(frameworkName));
    } catch (error) {
      if (hasCode(error, 'NO_NODE')) return nothing;
      this.#connection = undefined;
      if (!(error instanceof ZooKeeperError)) throw error;
      throw new Unavailable(`ZooKeeper at ${zookeeper}: ${error.message}`, { cause: error });
    }
  }

  async #find(service: string, role: Instance['role']): Promise<string> {
    const found = (await this.instances()).filter((instance) => instance.service === service);
    const url = found.find((instance) => instance.role === role)?.url;
    if (url !== undefined) return url;
    const { zookeeper, frameworkName } = this.#options;
    const what = found.length === 0 ? `no ${service} is registered` : `none of ${found.length} ${service} instances is ${role}`;
    throw new Unavailable(`${what} for the framework ${frameworkName} in ZooKeeper at ${zookeeper}`);
  }
}
