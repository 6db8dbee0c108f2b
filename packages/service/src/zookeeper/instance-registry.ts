import { z } from 'zod';
import type { ZooKeeperConnection } from './connection.js';
import type { FrameworkPaths } from './framework-paths.js';
import type { ZooKeeperSession } from './session.js';
import { hasCode, retryOnConnectionLoss } from './zookeeper-error.js';

const instanceSchema = z.object({
  id: z.string(),
  service: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  role: z.enum(['leader', 'standby', 'active']),
});

/** A running instance of a service, as others find it: `url` is its advertised one. */
export type Instance = Readonly<z.infer<typeof instanceSchema>>;
export type InstanceRole = Instance['role'];

/** This instance's entry in the registry: an ephemeral node, made anew on each session. */
export class InstanceRegistration {
  #written: { readonly session: ZooKeeperSession; readonly role: InstanceRole } | undefined;
  #queue: Promise<void> = Promise.resolve();
  #removed = false;

  private constructor(
    private readonly zookeeper: ZooKeeperConnection,
    private readonly paths: FrameworkPaths,
    private instance: Instance,
  ) {}

  /** `instance.id` is unique among all instances of all services. */
  static async register(zookeeper: ZooKeeperConnection, paths: FrameworkPaths, instance: Instance): Promise<InstanceRegistration> {
    const registration = new InstanceRegistration(zookeeper, paths, instance);
    const stop = zookeeper.onSession(() => void registration.#update().catch(() => undefined));
    registration.#stopListening = stop;
    await registration.#update();
    return registration;
  }

  #stopListening: () => void = () => undefined;

  /** Resolves once it is written; rejects only when the ZooKeeper connection is closed or the entry cannot be written at all. */
  async setRole(role: InstanceRole): Promise<void> {
    this.instance = { ...this.instance, role };
    await this.#update();
  }

  /** Takes the entry away at once; it also goes with the session. */
  async remove(): Promise<void> {
    this.#removed = true;
    this.#stopListening();
    await this.#queue.catch(() => undefined);
    const session = this.#written?.session;
    if (session === undefined || session.lost.aborted) return;
    await session.remove(this.#path).catch(() => undefined);
  }

  get #path(): string {
    return `${this.paths.instances}/${this.instance.id}`;
  }

  /** Writes run one after another, each with what is true when it starts. */
  #update(): Promise<void> {
    const update = this.#queue.catch(() => undefined).then(() => this.#write());
    this.#queue = update;
    return update;
  }

  async #write(): Promise<void> {
    while (!this.#removed) {
      const session = await this.zookeeper.whenSession();
      const { role } = this.instance;
      if (this.#written?.session === session && this.#written.role === role) return;
      try {
        await this.#writeOn(session);
        this.#written = { session, role };
      } catch (error) {
        if (!hasCode(error, 'SESSION_EXPIRED', 'CONNECTION_LOSS', 'NO_NODE', 'NODE_EXISTS')) throw error;
      }
    }
  }

  async #writeOn(session: ZooKeeperSession): Promise<void> {
    const data = Buffer.from(JSON.stringify(this.instance));
    if (this.#written?.session === session && (await session.exists(this.#path))) {
      await session.set(this.#path, data);
      return;
    }
    await session.ensurePath(this.paths.instances);
    // A node of an earlier session would vanish with that one.
    await session.remove(this.#path).catch((error: unknown) => {
      if (!hasCode(error, 'NO_NODE')) throw error;
    });
    await session.create(this.#path, data, 'ephemeral');
  }
}

const parseInstance = (data: Buffer): Instance | undefined => {
  try {
    return instanceSchema.parse(JSON.parse(data.toString('utf8')));
  } catch {
    // Written by something else: not an instance anybody could use.
    return undefined;
  }
};

/** The running instances, of one service or of all, in no order. */
export const findInstances = async (session: ZooKeeperSession, paths: FrameworkPaths, service?: string): Promise<Instance[]> => {
  const names = await retryOnConnectionLoss(() => session.children(paths.instances)).catch((error: unknown) => {
    if (hasCode(error, 'NO_NODE')) return [];
    throw error;
  });
  const nodes = await Promise.all(names.map((name) => retryOnConnectionLoss(() => session.get(`${paths.instances}/${name}`))));
  return nodes
    .map((node) => (node === undefined ? undefined : parseInstance(node.data)))
    .filter((instance) => instance !== undefined)
    .filter((instance) => service === undefined || instance.service === service);
};
