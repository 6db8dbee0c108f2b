import { afterEach, describe, expect, it } from 'vitest';
import { startTestCluster, stopTestClusters } from '../testing/test-cluster.js';

afterEach(stopTestClusters);

const PATH = '/local-cluster/faults';

const start = async (where: 'at the master' | 'at a port of their own') => {
  const { url, faultsUrl = url } = await startTestCluster({ agents: 1, ...(where === 'at the master' ? {} : { faultsPort: 0 }) });
  const post = async (body: string, type = 'application/json') => {
    const answer = await fetch(`${faultsUrl}${PATH}`, { method: 'POST', headers: { 'Content-Type': type }, body });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  const unreachable = async () => ((await (await fetch(`${url}/state`)).json()) as { unreachable_slaves: number }).unreachable_slaves;
  return { faultsUrl, post, unreachable };
};

const refused = (status: number, message: string) => ({ status, body: { error: { message: expect.stringContaining(message) as string } } });

describe.each(['at the master', 'at a port of their own'] as const)('the faults %s', (where) => {
  it('can be set and cleared', async () => {
    const { faultsUrl, post, unreachable } = await start(where);
    expect(await post(JSON.stringify({ fault: 'lose-agent', agent: '127.0.0.11' }))).toEqual({ status: 200, body: {} });
    expect(await unreachable()).toBe(1);
    expect((await fetch(`${faultsUrl}${PATH}`, { method: 'DELETE' })).status).toBe(200);
    expect(await unreachable()).toBe(0);
  });

  it('are refused in JSON, saying why', async () => {
    const { post } = await start(where);
    expect(await post('{"fault": "earthquake"}')).toEqual(refused(400, 'commands-die'));
    expect(await post('{"fault": "lose-agent", "agent": 7}')).toEqual(refused(400, 'agent: '));
    expect(await post('{"fault": ')).toEqual(refused(400, 'the request is no JSON: '));
    expect(await post(`{"fault": "${'x'.repeat(20_000)}"}`)).toEqual(refused(413, 'the request: '));
    expect(await post('{"fault": "withhold-offers"}', 'text/plain')).toEqual(refused(400, 'Content-Type: application/json'));
    expect(await post('{"fault": "withhold-offers"}', 'application/json; charset=klingon')).toEqual(refused(415, 'the request: '));
  });
});
