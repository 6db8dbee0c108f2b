// The HTTP server of a master's process, which can stand still as a stopped process does.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export class HttpServer {
  private readonly sockets = new Set<Socket>();
  private isPaused = false;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      // The kernel accepts for a process that is stopped, and nobody reads.
      if (this.isPaused) socket.pause();
    });
  }

  /** @throws Error when the port is taken */
  static async listen(handler: RequestListener, ip: string, port: number): Promise<HttpServer> {
    const server = createServer((request, response) => {
      // Node would say "keep-alive"; Mesos says nothing of it.
      response.removeHeader('connection');
      handler(request, response);
    });
    server.requestTimeout = 0;
    // Mesos keeps an idle connection; so calls that a client sends on one are not lost with it.
    server.keepAliveTimeout = 0;
    const listening = new HttpServer(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, ip, resolve);
    });
    return listening;
  }

  get ip(): string {
    return (this.server.address() as AddressInfo).address;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  pause(): void {
    this.isPaused = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** All connections break. */
  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
