import { Router } from 'express';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../metrics.js';
import { silentLogger } from '../testing/silent-logger.js';
import { createApp, type AppOptions } from './create-app.js';
import { HttpError } from './http-error.js';

const echo = (): Router => {
  const routes = Router();
  routes.post('/api/v1/echo', (request, response) => {
    response.json({ got: request.body as unknown });
  });
  routes.get('/api/v1/refused', () => {
    throw new HttpError(422, 'the tag has no such attribute', { key: 'CDISR6005E', field: 'tags', args: ['t', 1] });
  });
  routes.get('/api/v1/bug', async () => {
    await Promise.resolve();
    throw new Error('amqp://user:topsecret@host is away');
  });
  return routes;
};

const app = (over: Partial<AppOptions> = {}): ReturnType<typeof supertest> =>
  supertest(
    createApp({
      logger: silentLogger,
      metrics: createMetrics('test-service'),
      readiness: () => ({ ready: true }),
      routes: echo(),
      ownUrl: () => 'http://own:1',
      ...over,
    }),
  );

describe('health and metrics', () => {
  it('is alive whatever else', async () => {
    await app({ readiness: () => ({ ready: false }) })
      .get('/healthz')
      .expect(200);
  });

  it('is ready or says with 503 what is missing', async () => {
    await app({ readiness: () => ({ ready: true, role: 'standby' }) })
      .get('/readyz')
      .expect(200, { ready: true, role: 'standby', reasons: [] });
    await app({ readiness: () => ({ ready: false, reasons: ['RabbitMQ is not connected'] }) })
      .get('/readyz')
      .expect(503, { ready: false, reasons: ['RabbitMQ is not connected'] });
  });

  it('shows the metrics of the process with the name of the service', async () => {
    const { text } = await app()
      .get('/metrics')
      .expect(200)
      .expect('Content-Type', /text\/plain/);
    expect(text).toMatch(/process_cpu_user_seconds_total\{service="test-service"\}/);
  });
});

describe('bodies', () => {
  it('arrive parsed', async () => {
    await app()
      .post('/api/v1/echo')
      .send({ a: [1] })
      .expect(200, { got: { a: [1] } });
  });

  it('are refused when they are no JSON, too large, or not declared as JSON', async () => {
    const post = (body: string, type = 'application/json'): supertest.Test =>
      app().post('/api/v1/echo').set('Content-Type', type).send(body);
    await post('{"a":').expect(400, { error: { message: 'the body is not JSON' } });
    await post(JSON.stringify('x'.repeat(1024 * 1024))).expect(413, { error: { message: 'the body is larger than 1048576 bytes' } });
    await post('{}', 'text/plain').expect(415);
  });
});

describe('errors', () => {
  it('are answered with status, message and details', async () => {
    await app()
      .get('/api/v1/refused')
      .expect(422, { error: { key: 'CDISR6005E', field: 'tags', args: ['t', 1], message: 'the tag has no such attribute' } });
  });

  it('show nothing of what went wrong inside', async () => {
    const { text } = await app().get('/api/v1/bug').expect(500);
    expect(text).not.toContain('topsecret');
    expect(JSON.parse(text)).toHaveProperty('error.message');
  });

  it('say 404 of what is not there, and 400 of a path that cannot be decoded', async () => {
    await app()
      .get('/nowhere')
      .expect(404, { error: { message: 'there is nothing at GET /nowhere' } });
    await app()
      .get('/api/v1/%zz')
      .expect((response) => expect(response.status).toBeLessThan(500));
  });
});

describe('the token', () => {
  it('is asked for on /api and /resourcemgr, in any case of the path, and nowhere else', async () => {
    const guarded = app({ token: 'sesame' });
    await guarded.get('/api/v1/refused').expect(401).expect('WWW-Authenticate', 'Bearer');
    await guarded.get('/API/v1/refused').expect(401);
    await guarded.post('/resourcemgr/v1/x').expect(401);
    await guarded.get('/api/v1/refused').set('Authorization', 'Bearer sesam').expect(401);
    await guarded.get('/api/v1/refused').set('Authorization', 'Bearer sesame').expect(422);
    await guarded.get('/healthz').expect(200);
    await guarded.get('/readyz').expect(200);
  });
});

describe('a standby', () => {
  it('redirects /api to the leader with the same path, and nothing else', async () => {
    const standby = app({ leader: () => ({ self: false, url: 'http://leader:2/' }) });
    await standby.post('/api/v1/echo?a=b').send({}).expect(307).expect('Location', 'http://leader:2/api/v1/echo?a=b');
    await standby.get('/readyz').expect(200);
  });

  it('says 503 when nobody leads, or when the entry still names itself', async () => {
    await app({ leader: () => ({ self: false }) })
      .get('/api/v1/refused')
      .expect(503)
      .expect('Retry-After', '1');
    await app({ leader: () => Promise.resolve({ self: false, url: 'http://own:1' }) })
      .get('/api/v1/refused')
      .expect(503);
  });

  it('answers itself once it leads', async () => {
    await app({ leader: () => ({ self: true }) })
      .get('/api/v1/refused')
      .expect(422);
  });
});
