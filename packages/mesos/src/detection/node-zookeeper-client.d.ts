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
    readonly connectionManager: {
      readonly state: number;
      readonly socket?: Socket;
      readonly connectTimeoutHandler?: NodeJS.Timeout | null;
    };
  }

  export function createClient(
    connectString: string,
    options: { sessionTimeout: number; spinDelay: number; retries: number },
  ): ZooKeeperClient;
}
