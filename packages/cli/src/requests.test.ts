import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics, startHttp } from '@streams-on-mesos/service';
import { Router } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from './testing/cli.js';

interface Asked {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

type Answer = (asked: Asked) => { readonly status?: number; readonly body: object };

/** Plays streams-bridge. */
const bridge = async (answer: Answer, apiTokenFile?: string) => {
  const asked: Asked[] = [];
  const routes = Router();
  routes.post('/resourcemgr/v1/:operation', (request, response) => {
    const one = { operation: request.params.operation, body: request.body as Record<string, unknown> };
    asked.push(one);
    const { status = 200, body } = answer(one);
    response.status(status).json(body);
  });
  const { url, close } = await startHttp({
    config: { httpHost: '127.0.0.1', httpPort: 0, apiTokenFile },
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    signal: new AbortController().signal,
    readiness: () => ({ ready: true }),
    routes,
  });
  onTestFinished(close);
  return { asked, env: { BRIDGE_URL: url } };
};

const states = ['ALLOCATED', 'PENDING'].map((state, index) => ({
  state,
  descriptor: { displayName: `mesos_resource_${index}`, nativeResourceId: `resource_${index}`, hostName: index === 0 ? 'agent1' : null },
}));
const away = { status: 503, body: { error: { code: 'CDISR6002E', message: 'The mesos resource manager is not available.' } } };

describe('allocate, release and cancel', () => {
  it('ask as Streams does', async () => {
    const { asked, env } = await bridge(({ operation }) => ({ body: operation === 'allocateResources' ? { states } : {} }));
    const allocated = await cli(['allocate', '--count', '2', '--tag', 'small:cores=1', '--type', 'FLEXIBLE', '--client-id', 'me'], env);
    expect(allocated.code).toBe(0);
    expect(allocated.stdout.split('\n').slice(1)).toEqual([
      'mesos_resource_0  resource_0   agent1     ALLOCATED',
      'mesos_resource_1  resource_1   -          PENDING',
      '',
    ]);
    expect(await cli(['cancel', 'resource_1', '--client-id', 'me'], env)).toMatchObject({ code: 0, stdout: 'cancelled resource_1\n' });
    expect(await cli(['release', '--all', '--client-id', 'me'], env)).toMatchObject({ code: 0, stdout: 'released all of me\n' });
    expect(asked).toMatchObject([
      {
        operation: 'allocateResources',
        body: {
          client: { clientId: 'me' },
          info: {
            count: 2,
            type: 'FLEXIBLE',
            tags: { names: ['small'], definitions: { small: { type: 'PROPERTIES', properties: { cores: '1' } } } },
          },
        },
      },
      { operation: 'cancelPendingResources', body: { descriptors: [{ nativeResourceId: 'resource_1' }] } },
      { operation: 'releaseResources', body: { all: true } },
    ]);
    expect(new Set(asked.map(({ body }) => body['requestId'])).size).toBe(3);
  });

  it('ask again, as the same request, while nobody is available', async () => {
    const { asked, env } = await bridge(() => (asked.length < 3 ? away : { body: { states } }));
    expect(await cli(['allocate', '--count', '2'], env)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('CDISR6002E') as string,
    });
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ body }) => body['requestId'])).size).toBe(1);
  });

  it('end with 1 and the message of a refusal', async () => {
    const { env } = await bridge(() => ({ status: 422, body: { error: { code: 'CDISR6007E', message: 'cores must be a number' } } }));
    const refused = await cli(['allocate', '--count', '1', '--tag', 'a:cores=many'], env);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('CDISR6007E cores must be a number (422)') as string,
    });
  });

  it('carry the token', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cli-token-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'token');
    writeFileSync(file, 'sesame\n');
    const { env } = await bridge(() => ({ body: {} }), file);
    expect(await cli(['release', '--all'], env)).toMatchObject({ code: 1, stderr: expect.stringContaining('(401)') as string });
    expect(await cli(['release', '--all'], { ...env, API_TOKEN_FILE: file })).toMatchObject({ code: 0 });
  });
});

describe('getresourcestate', () => {
  it('shows the answer to the custom command', async () => {
    const row = {
      nativeId: 'resource_0',
      id: 'mesos_resource_0',
      mesosTaskId: null,
      resourceState: 'NEW',
      requestState: 'PENDING',
      taskCompletionStatus: 'NONE',
      hostname: null,
      master: false,
    };
    const { asked, env } = await bridge(() => ({ body: { result: JSON.stringify({ rc: 0, resources: [row] }) } }));
    const short = await cli(['getresourcestate'], env);
    expect(short.stdout.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'mesos_resource_0',
      'resource_0',
      '-',
      'NEW',
      'PENDING',
      'NONE',
      '-',
      'false',
    ]);
    expect(JSON.parse((await cli(['getresourcestate', '-l', '--json'], env)).stdout)).toEqual({ rc: 0, resources: [row] });
    expect(asked.map(({ body }) => body['commandData'])).toEqual([
      '{"command":"getresourcestate","long":"false"}',
      '{"command":"getresourcestate","long":"true"}',
    ]);
  });
});
