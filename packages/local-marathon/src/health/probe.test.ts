import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { probe } from './probe.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

async function listen(answer: (path: string) => number | undefined): Promise<number> {
  const server = createServer((request, response) => {
    const status = answer(request.url ?? '');
    if (status !== undefined) response.writeHead(status).end('x'.repeat(100_000));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const target = (port: number, more: Partial<Parameters<typeof probe>[0]> = {}) =>
  ({ protocol: 'http', host: '127.0.0.1', port, path: '/', timeoutMs: 5000, ignoreHttp1xx: false, ...more }) as const;

describe('a probe', () => {
  it('takes 200 to 399 for healthy', async () => {
    const port = await listen((path) => Number(path.slice(1)));
    const outcomes = await Promise.all([200, 204, 302, 404, 503].map((status) => probe(target(port, { path: `/${status}` }))));
    expect(outcomes.map((outcome) => outcome !== 'ignored' && outcome.healthy)).toEqual([true, true, true, false, false]);
    expect(outcomes[4]).toEqual({ healthy: false, cause: '503 Service Unavailable' });
  });

  it('gives up in time', async () => {
    const port = await listen(() => undefined);
    expect(await probe(target(port, { timeoutMs: 100 }))).toEqual({ healthy: false, cause: 'no answer within 0.1 s' });
  });

  it('of TCP asks only for a connection', async () => {
    const port = await listen(() => 500);
    expect(await probe(target(port, { protocol: 'tcp' }))).toEqual({ healthy: true });
  });

  it('tells why it could not connect', async () => {
    const port = await listen(() => 200);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    for (const protocol of ['http', 'tcp'] as const) {
      expect(await probe(target(port, { protocol }))).toEqual({ healthy: false, cause: expect.stringContaining('ECONNREFUSED') });
    }
  });
});
