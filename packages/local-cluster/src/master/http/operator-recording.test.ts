import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neutral } from '../../testing/compare.js';
import { differencesBetween } from '../../testing/compare-differences.js';
import { knownOperatorDifferences, type Difference } from '../../testing/differences.js';
import { operatorExchanges } from '../../testing/operator-recording.js';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../../testing/test-cluster.js';
import { WireClient } from '../../testing/wire-client.js';

const exchanges = operatorExchanges();

/** The length follows from the body; Node's date is no difference. */
const headersOf = ({ date: _date, 'content-length': length, ...headers }: Record<string, unknown>): unknown =>
  headers['content-type'] === undefined ? { ...headers, length } : headers;

const location = (headers: unknown): unknown => JSON.parse(JSON.stringify(headers).replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT'));

const parsed = (body: string): unknown => (body.startsWith('{') ? JSON.parse(body) : body);

/** In the order of their names: Mesos's is that of a hashmap. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const entries = value.map(inOrder);
    return entries.every((entry) => JSON.stringify(entry).includes('"hostname"')) ? sortedByText(entries) : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, inOrder(entry)]));
};

const hostOf = (entry: unknown): string => /"hostname":"([^"]*)"/.exec(JSON.stringify(entry))?.[1] ?? '';
const sortedByText = (entries: unknown[]): unknown[] => entries.sort((left, right) => (hostOf(left) < hostOf(right) ? -1 : 1));

/** Names of metrics hold ids, too. */
const withoutIds = (value: unknown): unknown => {
  const text = JSON.stringify(neutral(inOrder(value))).replace(
    /master\/frameworks\/operator\/[^/"]*/g,
    'master/frameworks/operator/FRAMEWORK',
  );
  return JSON.parse(text.replace(/"uuid":"[^"]*"|"status_update_uuid":"[^"]*"/g, '"uuid":"UUID"')) as unknown;
};

describe('what Mesos answered to operators, the local cluster answers', () => {
  const found = new Map<string, Difference[]>();

  beforeAll(async () => {
    const attributes = ['rack:a;zone:1', 'rack:b;zone:2'];
    const cluster = await startTestCluster({ agents: 2, resources: 'cpus:4;mem:8192;disk:10000', attributes });
    const framework = await TestFramework.subscribe(cluster.url, { info: testFramework({ name: 'operator' }), acknowledges: false });
    const offer = await framework.offer(({ hostname }) => hostname === '127.0.0.11');
    await framework.offer(({ hostname }) => hostname === '127.0.0.12');
    const operations = [
      { type: 'LAUNCH' as const, launch: { task_infos: [{ ...testTask('op-run', 'sleep 20'), agent_id: offer.agent_id }] } },
    ];
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 60 } } });
    await framework.acknowledge(await framework.status('op-run', 'TASK_STARTING'));
    await framework.acknowledge(await framework.status('op-run', 'TASK_RUNNING'));
    const client = new WireClient(cluster.url, 'json');
    for (const { what, request, response } of exchanges) {
      const body = Buffer.from(request.bodyBase64, 'base64')
        .toString('utf8')
        .replace(/frameworkId=.*/, `frameworkId=${framework.id}`);
      const answer = await client.exchange({ method: request.method, path: request.url, headers: request.headers, body });
      const named = (text: string): string =>
        cluster.agents().reduce((all, { id, hostname }) => all.replaceAll(id, `agent ${hostname}`), text);
      const recordedAs = (text: string): string =>
        text.replace(/[0-9a-f-]{36}-S([01])/g, (_all, number) => `agent 127.0.0.1${Number(number) + 1}`);
      const there = {
        status: response.status,
        headers: location(headersOf(response.headers)),
        body: withoutIds(parsed(recordedAs(response.body ?? ''))),
      };
      const here = { status: answer.status, headers: location(headersOf(answer.headers)), body: withoutIds(parsed(named(answer.body))) };
      found.set(what, differencesBetween(there, here));
    }
    client.close();
  }, 20_000);
  afterAll(stopTestClusters);

  it.each(exchanges.map(({ what }) => what))('%s', (what) => {
    const unexplained = (found.get(what) ?? expect.fail('was not asked')).filter(
      ({ path }) => !knownOperatorDifferences.some((known) => known.what.test(what) && known.path.test(path)),
    );
    expect(unexplained).toEqual([]);
  });

  it('no difference is listed that does not occur any more', () => {
    const occurs = ({ what, path }: (typeof knownOperatorDifferences)[number]): boolean =>
      [...found].some(([name, differences]) => what.test(name) && differences.some((one) => path.test(one.path)));
    expect(knownOperatorDifferences.filter((known) => !occurs(known)).map(({ why }) => why)).toEqual([]);
  });
});
