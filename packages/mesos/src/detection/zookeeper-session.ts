import { createClient } from 'node-zookeeper-client/index.js';

const CONNECTION_MANAGER_CLOSED = -2;
const NO_NODE = -101;
const NO_AUTH = -102;

/** Whether a call failed because the node's access list lets this client not read it. */
export const mayNotRead = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === NO_AUTH;

export interface ZooKeeperSessionSettings {
  readonly connectString: string;
  readonly auth?: string | undefined;
  readonly sessionTimeoutMs: number;
}

export interface ZooKeeperSessionListener {
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
  /** The session will never come back: it expired, or its authentication failed. */
  readonly onLost: (reason: string) => void;
}

/** The part of a ZooKeeper session that watching needs. Calls reject when the connection is lost before their answer. */
export class ZooKeeperSession {
  readonly #client;
  #closed = false;

  constructor(settings: ZooKeeperSessionSettings, listener: ZooKeeperSessionListener) {
    this.#client = createClient(settings.connectString, { sessionTimeout: settings.sessionTimeoutMs, spinDelay: 500, retries: 0 });
    if (settings.auth !== undefined) this.#client.addAuthInfo('digest', Buffer.from(settings.auth, 'utf8'));
    const unlessClosed = (listen: () => void) => () => {
      if (!this.#closed) listen();
    };
    this.#client.on('connected', unlessClosed(listener.onConnected));
    this.#client.on('disconnected', unlessClosed(listener.onDisconnected));
    this.#client.on(
      'expired',
      unlessClosed(() => listener.onLost('ZooKeeper expired the session')),
    );
    this.#client.on(
      'authenticationFailed',
      unlessClosed(() => listener.onLost('ZooKeeper refused the credentials')),
    );
    this.#client.connect();
  }

  /** Names of the children, undefined when the node does not exist. `onChange` is called once, at the next change. */
  children(path: string, onChange: () => void): Promise<string[] | undefined> {
    return new Promise((resolve, reject) =>
      this.#client.getChildren(path, onChange, (error, children) =>
        error === null ? resolve(children) : error.code === NO_NODE ? resolve(undefined) : reject(error),
      ),
    );
  }

  /** The node's data, undefined when it does not exist. */
  data(path: string): Promise<Buffer | undefined> {
    return new Promise((resolve, reject) =>
      this.#client.getData(path, (error, data) =>
        error === null ? resolve(data ?? Buffer.alloc(0)) : error.code === NO_NODE ? resolve(undefined) : reject(error),
      ),
    );
  }

  /** Cuts the connection, so that the next server is tried: the client library does not notice one that has gone silent. */
  reconnect(): void {
    this.#client.connectionManager.socket?.destroy();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const manager = this.#client.connectionManager;
    let asked = false;
    // The library throws when it is closed before its first socket, and a socket that it opens while closing would keep the process alive.
    const end = () => {
      if (manager.connectTimeoutHandler) clearTimeout(manager.connectTimeoutHandler);
      if (manager.state === CONNECTION_MANAGER_CLOSED) return clearInterval(ending);
      if (manager.socket === undefined) return;
      if (asked) manager.socket.destroy();
      else this.#client.close();
      asked = true;
    };
    const ending = setInterval(end, 250);
    end();
  }
}
