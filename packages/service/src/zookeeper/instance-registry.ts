import type { ZooKeeperConnection } from './connection.js';
import type { FrameworkPaths } from './framework-paths.js';
import type { ZooKeeperSession } from './session.js';

export type InstanceRole = 'leader' | 'standby' | 'active';

/** A running instance of a service, as others find it. */
export interface Instance {
  readonly id: string;
  readonly service: string;
  /** Its advertised URL. */
  readonly url: string;
  readonly role: InstanceRole;
}

/** This instance's entry in the registry: an ephemeral node, made anew on each session. */
export class InstanceRegistration {
  static register(_zookeeper: ZooKeeperConnection, _paths: FrameworkPaths, _instance: Instance): Promise<InstanceRegistration> {
    return Promise.reject(new Error('InstanceRegistration is being built'));
  }

  setRole(_role: InstanceRole): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }
}

/** The running instances, of one service or of all, in no order. */
export const findInstances = (_session: ZooKeeperSession, _paths: FrameworkPaths, _service?: string): Promise<Instance[]> =>
  Promise.reject(new Error('findInstances is being built'));
