import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP proxy whose connections a test can cut or freeze. */
export interface TcpProxy {
  readonly address: string;
  /** Ends every connection; new ones are refused while down. */
  down(): void;
  up(): void;
  /** Keeps connections open but lets nothing through any more, as a dead network does. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export const startTcpProxy = async (target: string): Promise<TcpProxy> => {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let refusing = false;
  let frozen = false;
  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const upstream = connect(Number(port), host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (!frozen) to.write(data);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    down: () => {
      refusing = true;
      cut();
    },
    up: () => {
      refusing = false;
    },
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
    },
    close: () =>
      new Promise<void>((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
};
