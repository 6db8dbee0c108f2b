import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

const listens = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });

/** `count` different TCP ports that nobody listens on at this moment. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = await listens(0);
    if (port !== undefined) ports.add(port);
  }
  return [...ports];
};

/** The port asked for where it is free, else another one: people look for Mesos on 5050 and Marathon on 8080. */
export const preferPort = async (preferred: number): Promise<number> => (await listens(preferred)) ?? (await freePorts(1))[0]!;
