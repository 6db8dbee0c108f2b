import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMetrics } from '../metrics.js';
import { silentLogger } from '../testing/silent-logger.js';
import { startHttp, type HttpOptions, type HttpServer } from './start-http.js';

const dir = mkdtempSync(join(tmpdir(), 'start-http-'));
const stop = new AbortController();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const start = (config: Partial<HttpOptions['config']>, signal = stop.signal): Promise<HttpServer> =>
  startHttp({
    config: { httpHost: '127.0.0.1', httpPort: 0, ...config },
    logger: silentLogger,
    metrics: createMetrics('test'),
    readiness: () => ({ ready: true }),
    signal,
  });

describe('the HTTP server', () => {
  it('listens on a free port, tells its URL, and closes with the signal', async () => {
    const own = new AbortController();
    const server = await start({}, own.signal);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    own.abort();
    await server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  it('advertises what it is told to', async () => {
    const server = await start({ advertisedUrl: 'https://proxy.example/streams/' });
    expect(server.url).toBe('https://proxy.example/streams');
    await server.close();
  });

  it('names the field and the remedy when it cannot listen as configured', async () => {
    const server = await start({});
    await expect(start({ httpPort: server.port })).rejects.toThrow(`HTTP_PORT = "${server.port}": the port is in use`);
    await expect(start({ httpHost: '203.0.113.7' })).rejects.toThrow(/HTTP_HOST.*API_TOKEN_FILE/);
    await server.close();
  });

  it('goes beyond loopback only with a token', async () => {
    await expect(start({ httpHost: '0.0.0.0' })).rejects.toThrow(/API_TOKEN_FILE/);
    const file = join(dir, 'token');
    writeFileSync(file, 'sesame\n');
    const server = await start({ httpHost: '0.0.0.0', apiTokenFile: file });
    const request = (token: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${server.port}/api/x`, { headers: { authorization: `Bearer ${token}` } });
    expect([(await request('sesame')).status, (await request('other')).status]).toEqual([404, 401]);
    await server.close();
  });

  it('refuses a token file that is missing or empty', async () => {
    await expect(start({ apiTokenFile: '/nonexistent/token' })).rejects.toThrow(/API_TOKEN_FILE = "\/nonexistent\/token".*ENOENT/);
  });
});
