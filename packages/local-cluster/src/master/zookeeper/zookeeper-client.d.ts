// The part of node-zookeeper-client 1.1 that is used here; it brings no types of its own. Under a name of this package's own
// (package.json, imports), because other workspaces declare what they use of it.
declare module '#zookeeper-client' {
  import type { EventEmitter } from 'node:events';

  type Callback<T> = (error: Error | null, value: T) => void;

  export interface Client extends EventEmitter {
    connect(): void;
    close(): void;
    getState(): object;
    mkdirp(path: string, callback: (error: Error | null) => void): void;
    create(path: string, data: Buffer, acls: object[], mode: number, callback: Callback<string>): void;
    /** For tests. */
    remove(path: string, callback: (error: Error | null) => void): void;
    getChildren(path: string, watcher: () => void, callback: Callback<string[]>): void;
    getData(path: string, callback: Callback<Buffer | undefined>): void;
  }

  export const ACL: { readonly OPEN_ACL_UNSAFE: object[] };
  export const State: { readonly SYNC_CONNECTED: object };
  export const CreateMode: { readonly EPHEMERAL_SEQUENTIAL: number };
  export function createClient(servers: string, options: { sessionTimeout: number; spinDelay: number; retries: number }): Client;
}
