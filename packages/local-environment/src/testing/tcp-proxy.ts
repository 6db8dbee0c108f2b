import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What gets lost on the way: so a test decides whether a request without an answer had arrived. */
export type Loss = 'everything' | 'requests' | 'answers';

/** A TCP proxy before a real server, for tests of lost connections. */
export class TcpProxy {
  /** Bytes that were lost since `lose`. */
  lost = 0;
  #loss: Loss | undefined;
  #refusing = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(host: string, port: number) {
    this.#server = createServer((client) => {
      if (this.#refusing) return void client.destroy();
      const target = connect(port, host);
      this.#pipe(client, target, 'requests');
      this.#pipe(target, client, 'answers');
    });
  }

  /** `target` is host:port. */
  static async start(target: string): Promise<TcpProxy> {
    const [host = '', port = ''] = target.split(':');
    const proxy = new TcpProxy(host, Number(port));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections stay open, as on a dead network, but what is sent that way does not arrive, until `pass` or `cut`. */
  lose(what: Loss): void {
    this.#loss = what;
    this.lost = 0;
  }

  /** What is sent from now on arrives. */
  pass(): void {
    this.#loss = undefined;
  }

  /** Ends every connection; new ones work. */
  cut(): void {
    this.pass();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends every connection, and refuses new ones until `up`. */
  down(): void {
    this.#refusing = true;
    this.cut();
  }

  up(): void {
    this.#refusing = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pipe(from: Socket, to: Socket, what: Loss): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
      if (this.#loss === 'everything' || this.#loss === what) this.lost += data.length;
      else to.write(data);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
