import { describe, expect, it } from 'vitest';
import type { StartControllerCall } from '../domain/controller-call.js';
import { AdapterOnTheWire } from '../testing/adapter-on-the-wire.js';
import { Adapter } from './adapter.js';

const CALL: StartControllerCall = {
  installPath: '/opt/streams',
  zkConnect: 'zk:2181',
  domainId: 'D',
  descriptor: { type: 'mesos', kind: 'CONTAINER', nativeResourceId: 'resource_7', displayName: 'mesos_resource_7', hostName: 'agent1' },
  tags: ['ingest'],
  fork: false,
  isMaster: true,
};

const start = async (respond: AdapterOnTheWire['respond'], timeoutMs = 5_000) => {
  const server = await AdapterOnTheWire.start();
  server.respond = respond;
  const adapter = new Adapter({ url: server.url, token: 'secret' });
  return { server, command: adapter.startControllerCommand(CALL, timeoutMs) };
};

describe('the Streams adapter', () => {
  it('makes a start command from the parameters of the product’s helper', async () => {
    const { server, command } = await start((response) => response.end('{"command":"exec startDomainController.sh"}'));
    expect(await command).toBe('exec startDomainController.sh');
    expect(server.asked).toEqual([{ path: '/adapter/start-controller-command', authorization: 'Bearer secret', body: CALL }]);
  });

  it('stops a controller', async () => {
    const server = await AdapterOnTheWire.start();
    const { tags: _tags, fork: _fork, isMaster: _isMaster, ...controller } = CALL;
    await new Adapter({ url: `${server.url}/` }).stopController({ ...controller, clean: false }, 5_000);
    expect(server.asked).toEqual([{ path: '/adapter/stop-controller', authorization: undefined, body: { ...controller, clean: false } }]);
  });

  it.each<[string, AdapterOnTheWire['respond'], RegExp]>([
    [
      'an error with its reason',
      (response) => response.writeHead(500).end('{"error":{"message":"no such domain"}}'),
      /with 500: no such domain$/,
    ],
    ['an error without one', (response) => response.writeHead(404).end('<html>'), /start-controller-command with 404$/],
    ['no command', (response) => response.end('{"command":"  "}'), /without a command/],
    ['no JSON', (response) => response.end('start'), /without a command/],
    ['a redirect', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), /ADAPTER_URL.*redirect/],
    ['too much', (response) => response.end(JSON.stringify({ command: 'x'.repeat(700_000) })), /more than 655360 bytes/],
    ['a broken connection', (response) => response.destroy(), /could not be asked for start-controller-command \(ADAPTER_URL\)/],
  ])('that answers %s has failed, and says so without its token', async (_what, respond, words) => {
    const { command } = await start(respond);
    const error = await command.catch((failure: unknown) => failure as Error);
    expect(error).toMatchObject({ name: 'AdapterError', message: expect.stringMatching(words) as string });
    expect(String(error)).not.toContain('secret');
  });

  it('is waited for no longer than it may take, also when it stops in the middle of an answer', async () => {
    const { command } = await start((response) => void response.writeHead(200).write('{"command":"'), 100);
    await expect(command).rejects.toThrow('did not answer start-controller-command within 100 ms');
    await expect(new Adapter({ url: 'http://127.0.0.1:1' }).startControllerCommand(CALL, 5_000)).rejects.toThrow(
      /ECONNREFUSED|could not be asked|bad port/,
    );
  });
});
