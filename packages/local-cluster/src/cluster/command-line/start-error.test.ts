import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startErrorText } from './start-error.js';

const listen = (port: number, ip: string): Promise<Error> => new Promise((resolve) => createServer().on('error', resolve).listen(port, ip));

describe('why a cluster could not start', () => {
  it('a port in use is told with a remedy', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(startErrorText(await listen(port, '127.0.0.1'))).toMatch(new RegExp(`^--port: 127.0.0.1:${port} is in use.*or 0`));
    server.close();
  });

  it.each([
    ['192.0.2.1', /^--ip: 192\.0\.2\.1 is no address of this machine/],
    ['1.2.3.4.5', /^--ip: '1\.2\.3\.4\.5' is no address/],
  ])('the address %s', async (ip, text) => {
    expect(startErrorText(await listen(0, ip))).toMatch(text);
  });

  it('anything else as it is', () => {
    expect(startErrorText(new Error('so'))).toBe('so');
  });
});
