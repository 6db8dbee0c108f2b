import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the proxy does with what it is given: so a test decides whether a lost request had arrived. */
export type ProxyMode = 'pass' | 'swallow-requests' | 'swallow-answers';

/** A TCP proxy for tests of lost connections. */
export class TcpProxy {
  mode: ProxyMode = 'pass';
  /** bytes that were swallowed since the mode was set */
  swallowed = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => {
      const target = connect(port, host);
      this.#pipe(client, target, 'swallow-requests');
      this.#pipe(target, client, 'swallow-answers');
    });
  }

  /** `target` is host:port. */
  static async start(target: string): Promise<TcpProxy> {
    const [host = '', port = ''] = target.split(':');
    const proxy = new TcpProxy(host, Number(port));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  swallow(mode: ProxyMode): void {
    this.mode = mode;
    this.swallowed = 0;
  }

  /** Closes every connection; new ones are let through. */
  cut(): void {
    this.mode = 'pass';
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pipe(from: Socket, to: Socket, swallowing: ProxyMode): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
      if (this.mode === swallowing) this.swallowed += data.length;
      else to.write(data);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
