// The part of node-zookeeper-client 1.1 that is used here; it brings no types of its own.
declare module 'node-zookeeper-client' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export interface Exception extends Error {
    getCode(): number;
    getName(): string;
  }
  export interface Stat {
    readonly version: number;
  }
  type Callback<T extends unknown[]> = (error: Exception | null | undefined, ...results: T) => void;
  type Watcher = (event: unknown) => void;

  export interface Operation {
    version?: number;
    readonly data?: Buffer;
  }
  export interface Transaction {
    readonly ops: Operation[];
    check(path: string, version?: number): this;
    create(path: string, data: Buffer | undefined, mode: number): this;
    setData(path: string, data: Buffer, version?: number): this;
    remove(path: string, version?: number): this;
    commit(callback: Callback<[]>): void;
  }

  /** Not public, but nothing else ends a client that is not connected, or sees that a connected server no longer answers. */
  export interface ConnectionManager {
    socket?: Socket;
    pendingBuffer: Buffer | null;
    setState(state: number): void;
    onSocketConnected(): void;
    onSocketData(data: Buffer): void;
  }

  export interface Client extends EventEmitter {
    readonly connectionManager: ConnectionManager;
    connect(): void;
    close(): void;
    getSessionId(): Buffer;
    getSessionTimeout(): number;
    create(path: string, data: Buffer | undefined, mode: number, callback: Callback<[path: string]>): void;
    remove(path: string, version: number, callback: Callback<[]>): void;
    setData(path: string, data: Buffer, version: number, callback: Callback<[stat: Stat]>): void;
    getData(path: string, callback: Callback<[data: Buffer | undefined, stat: Stat]>): void;
    exists(path: string, watcher: Watcher | undefined, callback: Callback<[stat: Stat | null]>): void;
    getChildren(path: string, watcher: Watcher | undefined, callback: Callback<[children: string[], stat: Stat]>): void;
    transaction(): Transaction;
  }

  export function createClient(servers: string, options: { sessionTimeout: number; spinDelay: number; retries: number }): Client;
  export const CreateMode: {
    readonly PERSISTENT: number;
    readonly PERSISTENT_SEQUENTIAL: number;
    readonly EPHEMERAL: number;
    readonly EPHEMERAL_SEQUENTIAL: number;
  };
}
