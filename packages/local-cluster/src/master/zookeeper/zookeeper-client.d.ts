// The part of node-zookeeper-client 1.1 that is used here; it brings no types of its own. Under a name of this package's own
// (package.json, imports), because other workspaces declare what they use of it.
declare module '#zookeeper-client' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  type Callback<T> = (error: Error | null, value: T) => void;

  export interface Client extends EventEmitter {
    connect(): void;
    close(): void;
    getState(): object;
    addAuthInfo(scheme: string, auth: Buffer): void;
    mkdirp(path: string, acls: object[], callback: (error: Error | null) => void): void;
    /** For tests. */
    remove(path: string, callback: (error: Error | null) => void): void;
    getChildren(path: string, watcher: () => void, callback: Callback<string[]>): void;
    getData(path: string, callback: Callback<Buffer | undefined>): void;
    /** For tests. */
    getACL(path: string, callback: Callback<object[]>): void;
    /** Of the session as the server granted it. */
    getSessionTimeout(): number;
    /** The library's inside, so that a process can be killed or stopped with its session open. */
    readonly connectionManager: {
      readonly socket?: Socket;
      /** Sends a ping and awaits the time for the next. */
      onSocketTimeout(): void;
      queue(request: object, callback: (error: Error | null, response: { readonly payload: { readonly path: string } }) => void): void;
      on(event: 'state', listener: (state: number) => void): void;
    };
  }

  export class ACL {
    static readonly OPEN_ACL_UNSAFE: ACL[];
    constructor(permission: number, id: object);
    toRecord(): object;
  }
  export class Id {
    constructor(scheme: string, id: string);
    static readonly ANYONE_ID_UNSAFE: object;
    static readonly AUTH_IDS: object;
  }
  export const Permission: { readonly READ: number; readonly ALL: number };
  export const State: { readonly SYNC_CONNECTED: object };
  export const CreateMode: { readonly EPHEMERAL_SEQUENTIAL: number };
  export function createClient(servers: string, options: { sessionTimeout: number; spinDelay: number; retries: number }): Client;
}

/** ZooKeeper's messages as bytes. */
declare module '#zookeeper-jute' {
  interface CreateRequest {
    path: string;
    data: Buffer;
    acl: object[];
    flags: number;
  }

  export const protocol: {
    readonly RequestHeader: new () => { type: number };
    readonly CreateRequest: new () => CreateRequest;
  };
  export const OP_CODES: { readonly CREATE: number };
  export class Request {
    constructor(header: object, payload: object);
  }
}
