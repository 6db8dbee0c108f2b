// The line between a cluster's masters and a ZooKeeper, which can be cut, so that ZooKeeper itself may be anybody's.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Control } from './control.js';

export class ZooKeeperLine {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private readonly server: Server;

  private constructor(host: string, port: number) {
    this.server = createServer((near) => {
      if (this.isCut) return void near.destroy();
      const far = connect(port, host);
      this.join(near, far);
      this.join(far, near);
    });
  }

  /** @param zookeeper host:port */
  static async open(zookeeper: string): Promise<ZooKeeperLine> {
    const { hostname, port } = new URL(`tcp://${zookeeper}`);
    const line = new ZooKeeperLine(hostname, Number(port));
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  /** host:port where the masters find their ZooKeeper */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stops and starts ZooKeeper, as far as the masters can tell. */
  get control(): Control {
    return {
      can: (...names) => names.every((name) => name.endsWith('-zookeeper')),
      perform: (name) => {
        this.isCut = name === 'stop-zookeeper';
        if (this.isCut) this.breakAll();
        return Promise.resolve();
      },
    };
  }

  close(): void {
    this.server.close();
    this.breakAll();
  }

  private breakAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => to.write(data));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
