import { createLogger, createMetrics, startHttp } from '@streams-on-mesos/service';
import { Router, type Response } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from './testing/cli.js';

/** Plays allocation-service. */
const allocation = async (routes: Router): Promise<{ env: Record<string, string>; close: () => Promise<void> }> => {
  const { url, close } = await startHttp({
    config: { httpHost: '127.0.0.1', httpPort: 0 },
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    signal: new AbortController().signal,
    readiness: () => ({ ready: true }),
    routes,
  });
  onTestFinished(close);
  return { env: { ALLOCATION_URL: url }, close };
};

const columns = (line: string | undefined): string[] => (line ?? '').split(/ {2,}/);

describe('explain', () => {
  it('prints the plain words, or all of it as JSON', async () => {
    const routes = Router();
    const explanation = { waiting: 1, text: ['a~b/c: 1 resource waits for an offer.', 'What would help, one of these:'] };
    routes.get('/api/v1/requests/:id/explain', (request, response) => void response.json({ ...explanation, id: request.params.id }));
    const { env } = await allocation(routes);
    expect(await cli(['explain', 'a~b/c'], env)).toMatchObject({ code: 0, stdout: `${explanation.text.join('\n')}\n` });
    expect(JSON.parse((await cli(['explain', 'a~b/c', '--json'], env)).stdout)).toEqual({ ...explanation, id: 'a~b/c' });
  });

  it('ends with 1 and the message when the id is unknown', async () => {
    const routes = Router();
    routes.get('/api/v1/requests/:id/explain', (_request, response) => {
      response.status(404).json({ error: { field: 'id', message: 'request "x" is unknown' } });
    });
    const { env } = await allocation(routes);
    expect(await cli(['explain', 'x'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('request "x" is unknown') as string,
    });
  });
});

describe('listings', () => {
  it('ask for page after page', async () => {
    const asked: string[] = [];
    const one = (id: string) => ({
      id,
      state: 'WAITING',
      role: '*',
      priority: 0,
      each: { cpus: 1, mem: 2 },
      resources: { NEW: 2, RUNNING: 1 },
    });
    const routes = Router();
    routes.get('/api/v1/requests', (request, response) => {
      asked.push(new URL(request.originalUrl, 'http://h').searchParams.toString());
      response.json(asked.length === 1 ? { requests: [one('c~1')], next: 'a b' } : { requests: [one('c~2')] });
    });
    const { env } = await allocation(routes);
    const { stdout } = await cli(['requests', '--owner', 'c', '--state', 'WAITING', '--label', 'a:b'], env);
    const [, ...rows] = stdout.trim().split('\n');
    expect(rows.map(columns)).toEqual([
      ['c~1', 'WAITING', '*', '0', '1', '2', '2 NEW, 1 RUNNING'],
      ['c~2', 'WAITING', '*', '0', '1', '2', '2 NEW, 1 RUNNING'],
    ]);
    const filter = 'owner=c&state=WAITING&label=a%3Ab&limit=1000';
    expect(asked).toEqual([filter, `${filter}&cursor=a+b`]);
  });

  it('show the agents', async () => {
    const agent = {
      id: 'agent-1',
      hostname: 'h1',
      attributes: { rack: 'r1' },
      region: 'eu',
      zone: 'eu-1',
      last_offered: { '*': { cpus: 4, mem: 512 } },
      tasks: [{}, {}],
      avoided_by: { 'c~1': 1 },
    };
    const routes = Router();
    routes.get('/api/v1/agents', (_request, response) => {
      response.json({
        agents: [agent, { id: 'agent-2', attributes: {}, last_offered: {}, tasks: [], avoided_by: {}, avoided_by_all_since_ms: 0 }],
      });
    });
    const { env } = await allocation(routes);
    const [, ...rows] = (await cli(['agents'], env)).stdout.trim().split('\n');
    expect(rows.map(columns)).toEqual([
      ['h1', 'agent-1', 'eu/eu-1', 'rack:r1', '*: 4 cpus, 512 MB', '2', 'c~1', '-'],
      ['-', 'agent-2', '-', '-', '-', '0', 'all, since 1970-01-01T00:00:00.000Z', '-'],
    ]);
  });
});

describe('events', () => {
  const send = (response: Response, id: string, event: string, data: object): boolean =>
    response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

  it('follows, and goes on after what it saw when the stream breaks off, until it is interrupted', async () => {
    const asked: (string | undefined)[] = [];
    const routes = Router();
    routes.get('/api/v1/events', (request, response) => {
      asked.push(request.get('last-event-id'));
      if (asked.length > 2) {
        process.emit('SIGINT');
        return void response.status(503).json({ error: { message: 'no leader' } });
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      if (asked.length === 1) send(response, '3-7', 'snapshot', { requests: [1], resources: [1, 2], tasks: [] });
      else {
        const value = { state: 'RUNNING', request_state: 'ALLOCATED', host: 'h1' };
        send(response, '3-8', 'resource', { kind: 'resource', id: 'resource_0', at_ms: 0, value });
        send(response, '3-9', 'resource', { kind: 'resource', id: 'resource_1', at_ms: 0, value: null });
      }
      response.end();
    });
    const { env } = await allocation(routes);
    const { code, stdout } = await cli(['events'], env);
    expect({ code, asked }).toEqual({ code: 0, asked: [undefined, '3-7', '3-9'] });
    expect(stdout.trim().split('\n')).toEqual([
      'all there is: 1 requests, 2 resources, 0 tasks',
      '1970-01-01T00:00:00.000Z resource resource_0: RUNNING ALLOCATED on h1',
      '1970-01-01T00:00:00.000Z resource resource_1: forgotten',
    ]);
  });
});
