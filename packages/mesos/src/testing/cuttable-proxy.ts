import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy in front of a real server, for a test to cut or to silence. */
export class CuttableProxy {
  #sockets = new Set<Socket>();
  #refusing = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (socket) => this.#join(socket));
  }

  static async start(target: string): Promise<CuttableProxy> {
    const [host = '', port = ''] = target.split(':');
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new CuttableProxy(server, { host, port: Number(port) });
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, and each new one at once, until `restore`. */
  cut(): void {
    this.#refusing = true;
    this.cutOnce();
  }

  cutOnce(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  /** The connections that are there stay, and nothing passes through them any more. New ones work. */
  silence(): void {
    this.#sockets.forEach((socket) => socket.pause());
  }

  restore(): void {
    this.#refusing = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.server.close(closed));
  }

  #join(client: Socket): void {
    if (this.#refusing) {
      client.destroy();
      return;
    }
    const server = connect(this.target);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('data', (data) => to.write(data));
    }
  }
}
