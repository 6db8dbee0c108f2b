import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandInfo } from '../../generated/protocol.js';
import { Fetcher } from './fetcher.js';

let directory: string;
let server: Server;
let url: string;
/** What the server was asked for. */
let asked: string[];
/** What it has. */
let files: Map<string, Buffer>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fetcher-'));
  asked = [];
  files = new Map();
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const file = files.get(request.url ?? '');
    if (file === undefined) response.writeHead(404).end('none');
    else response.writeHead(200, { 'Content-Length': file.length }).end(request.method === 'HEAD' ? undefined : file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

let sandboxes = 0;
const newSandbox = (): string => {
  const sandbox = join(directory, `sandbox-${(sandboxes += 1)}`);
  mkdirSync(sandbox);
  return sandbox;
};
const downloads = (): string[] => asked.filter((one) => one.startsWith('GET'));

const fetchWith = async (fetcher: Fetcher, uris: CommandInfo.URI[], user = 'root'): Promise<string> => {
  const sandbox = newSandbox();
  await fetcher.fetch({ uris, sandbox, user, signal: new AbortController().signal });
  return sandbox;
};

const archiveOf = (name: string): Buffer => {
  writeFileSync(join(directory, name), 'in the archive');
  return execFileSync('tar', ['-czO', '-C', directory, name]);
};

describe('the fetcher cache', () => {
  it('gets what is asked for with cache once, even for two at the same time, for each user', async () => {
    files.set('/file', Buffer.from('content'));
    const fetcher = new Fetcher(join(directory, 'cache'));
    const uris = [{ value: `${url}/file`, cache: true }];
    const [first, second] = await Promise.all([fetchWith(fetcher, uris), fetchWith(fetcher, uris)]);
    const third = await fetchWith(fetcher, uris);
    for (const sandbox of [first, second, third]) expect(readFileSync(join(sandbox, 'file'), 'utf8')).toBe('content');
    expect(downloads()).toEqual(['GET /file']);
    await fetchWith(fetcher, uris, 'nobody');
    expect(downloads()).toHaveLength(2);
  });

  it('is not used by who does not ask for it', async () => {
    files.set('/file', Buffer.from('content'));
    const fetcher = new Fetcher(join(directory, 'cache'));
    await fetchWith(fetcher, [{ value: `${url}/file`, cache: true }]);
    await fetchWith(fetcher, [{ value: `${url}/file` }]);
    expect(downloads()).toHaveLength(2);
  });

  it('is empty for the next process of the agent', async () => {
    files.set('/file', Buffer.from('content'));
    const uris = [{ value: `${url}/file`, cache: true }];
    await fetchWith(new Fetcher(join(directory, 'cache')), uris);
    await fetchWith(new Fetcher(join(directory, 'cache')), uris);
    expect(downloads()).toHaveLength(2);
  });

  it('extracts straight into the sandbox, where the archive itself is not', async () => {
    files.set('/some.tgz', archiveOf('inside'));
    const fetcher = new Fetcher(join(directory, 'cache'));
    const cached = await fetchWith(fetcher, [{ value: `${url}/some.tgz`, cache: true }]);
    const direct = await fetchWith(fetcher, [{ value: `${url}/some.tgz` }]);
    expect([readdirSync(cached), readdirSync(direct).sort()]).toEqual([['inside'], ['inside', 'some.tgz']]);
  });

  it('evicts what was used longest ago, and is left aside for what does not fit', async () => {
    for (const name of ['a', 'b', 'c']) files.set(`/${name}`, Buffer.alloc(40, name));
    files.set('/large', Buffer.alloc(101));
    const fetcher = new Fetcher(join(directory, 'cache'), 100);
    const get = (name: string) => fetchWith(fetcher, [{ value: `${url}/${name}`, cache: true }]);
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b', 'large', 'large']) await get(name);
    expect(downloads().map((one) => one.slice('GET /'.length))).toEqual(['a', 'b', 'c', 'b', 'large', 'large']);
  });

  it('does not keep what could not be fetched', async () => {
    const fetcher = new Fetcher(join(directory, 'cache'));
    const uris = [{ value: `${url}/file`, cache: true }];
    await expect(fetchWith(fetcher, uris)).rejects.toThrow(/received HTTP return code 404/);
    files.set('/file', Buffer.from('content'));
    const sandbox = await fetchWith(fetcher, uris);
    expect(readdirSync(sandbox)).toEqual(['file']);
  });
});

describe('what is no URI', () => {
  it.each([
    [{ value: 'http://host' }, 'Malformed URI (missing path): http://host'],
    [{ value: 'http://host/' }, 'Malformed URI (missing path): http://host/'],
    [{ value: `/it's` }, 'Illegal characters in URI'],
    [{ value: '/file', output_file: '' }, 'URI output file path is empty'],
    [{ value: '/file', output_file: '/etc/passwd' }, 'URI output file must be within the sandbox directory'],
  ])('%j', async (uri, message) => {
    await expect(fetchWith(new Fetcher(join(directory, 'cache')), [uri])).rejects.toThrow(`Could not fetch: ${message}`);
  });

  it.each([
    ['relative', 'A relative path was passed for the resource'],
    ['file://host/relative', 'File URI only supports absolute paths'],
  ])('%s', async (value, message) => {
    await expect(fetchWith(new Fetcher(join(directory, 'cache')), [{ value }])).rejects.toThrow(message);
  });
});
