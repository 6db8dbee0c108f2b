// The package carries no types. Declared under the file's name, so that an application which declares the whole package does not collide with this.
declare module 'node-zookeeper-client/index.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  interface ZooKeeperException extends Error {
    readonly code: number;
  }

  interface ZooKeeperClient extends EventEmitter {
    connect(): void;
    close(): void;
    addAuthInfo(scheme: string, auth: Buffer): void;
    getSessionTimeout(): number;
    getChildren(path: string, watcher: () => void, callback: (error: ZooKeeperException | null, children: string[]) => void): void;
    getData(path: string, callback: (error: ZooKeeperException | null, data: Buffer | undefined) => void): void;
    create(
      path: string,
      data: Buffer,
      acls: object[],
      mode: number,
      callback: (error: ZooKeeperException | null, path: string) => void,
    ): void;
    remove(path: string, callback: (error: ZooKeeperException | null) => void): void;
    exists(path: string, callback: (error: ZooKeeperException | null, stat: object | null) => void): void;
    getState(): object;
    mkdirp(path: string, callback: (error: ZooKeeperException | null) => void): void;
    readonly connectionManager: {
      readonly state: number;
      readonly socket?: Socket;
      readonly connectTimeoutHandler?: NodeJS.Timeout | null;
    };
  }

  export const ACL: { readonly OPEN_ACL_UNSAFE: object[]; readonly CREATOR_ALL_ACL: object[] };
  export const State: { readonly SYNC_CONNECTED: object };
  export const CreateMode: { readonly PERSISTENT: number; readonly EPHEMERAL_SEQUENTIAL: number };
  export function createClient(
    connectString: string,
    options: { sessionTimeout: number; spinDelay: number; retries: number },
  ): ZooKeeperClient;
}
