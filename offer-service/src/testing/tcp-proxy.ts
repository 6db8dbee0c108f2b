import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy that a test can take down: what is behind it is away, for those who go through it. */
export interface TcpProxy {
  /** host:port */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

export const startTcpProxy = async (target: string): Promise<TcpProxy> => {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let refusing = false;
  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const upstream = connect(Number(port), host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const down = (): void => {
    refusing = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    down,
    up: () => {
      refusing = false;
    },
    close: async () => {
      down();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
