import { connect, type AddressInfo } from 'node:net';
import { createServer, type Server, type TlsOptions, type TLSSocket } from 'node:tls';

/** Ends TLS before a server that speaks none, and passes on what is in it, byte by byte as it comes. */
export class TlsFront {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();

  private constructor(host: string, port: number, options: TlsOptions) {
    this.#server = createServer(options, (client) => {
      const target = connect(port, host);
      this.#sockets.add(client);
      client.on('error', () => target.destroy()).on('close', () => target.destroy());
      client.on('close', () => this.#sockets.delete(client));
      target.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.pipe(target).pipe(client);
    });
  }

  /** `target` is host:port. */
  static async start(target: string, options: TlsOptions): Promise<TlsFront> {
    const [host = '', port = ''] = target.split(':');
    const front = new TlsFront(host, Number(port), options);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
