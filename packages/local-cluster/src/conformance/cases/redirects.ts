// What a master that does not lead answers, and one that leads but can't yet.
import type { Answer } from '../../testing/wire-client.js';
import type { ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, notRun } from '../expect.js';
import { electionMs, leaderAccordingTo } from '../settled-masters.js';
import { killed } from './failing-over.js';
import { expectRefusal } from './refusals.js';

const source = 'src/master/http.cpp, Master::Http::redirect';
const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

const askStandby = (context: CaseContext, method: string, path: string, body = ''): Promise<Answer> =>
  context.standby().exchange({ method, path, headers: JSON_HEADERS, body });

const expectRedirect = (what: string, { status, headers, body }: Answer, location: string): void => {
  expectEqual(what, { status, location: headers.location, body }, { status: 307, location, body: '' });
  expectEqual(`${what}, Content-Length`, headers['content-length'], '0');
};

export const redirectCases: readonly ConformanceCase[] = [
  {
    name: 'a call to a master that does not lead is redirected (307) to the API of the leader, without a scheme',
    source: `${source}; Master::Http::scheduler`,
    masters: 2,
    run: async (context) => {
      const location = `//${new URL(context.url).host}/master/api/v1/scheduler`;
      const subscribe = JSON.stringify(context.subscribeCall(context.frameworkInfo()));
      // Whether it could be taken is the leader's to say.
      for (const body of [subscribe, '{"type":"REVIVE"}', 'no call at all'])
        for (const path of ['/api/v1/scheduler', '/master/api/v1/scheduler'])
          expectRedirect(`POST ${path}`, await askStandby(context, 'POST', path, body), location);
    },
  },
  {
    name: '/redirect of a master that does not lead leads to the leader, without a path',
    source,
    masters: 2,
    run: async (context) => {
      for (const path of ['/redirect', '/master/redirect'])
        expectRedirect(`GET ${path}`, await askStandby(context, 'GET', path), `//${new URL(context.url).host}`);
      expectEqual('GET /redirect/more', (await askStandby(context, 'GET', '/redirect/more')).status, 404);
    },
  },
  {
    name: 'what operators ask a master that does not lead is redirected (307) to the same of the leader',
    source,
    masters: 2,
    run: async (context) => {
      const leader = `//${new URL(context.url).host}/master`;
      for (const path of ['/state', '/state-summary', '/slaves', '/frameworks', '/tasks', '/roles', '/maintenance/schedule'])
        expectRedirect(`GET ${path}`, await askStandby(context, 'GET', path), `${leader}${path}`);
      expectRedirect('GET /master/state', await askStandby(context, 'GET', '/master/state?jsonp=f'), `${leader}/state?jsonp=f`);
      for (const path of ['/api/v1', '/teardown'])
        expectRedirect(`POST ${path}`, await askStandby(context, 'POST', path, '{"type":"GET_HEALTH"}'), `${leader}${path}`);
    },
  },
  {
    name: 'a master that does not lead tells by itself that it is healthy, its version, and that it is not elected',
    source: 'src/master/http.cpp, Master::Http::health; src/master/metrics.cpp, Metrics::elected',
    masters: 2,
    run: async (context) => {
      expectEqual('/health', (await askStandby(context, 'GET', '/health')).status, 200);
      const version = await askStandby(context, 'GET', '/version');
      expectEqual('the status of /version', version.status, 200);
      expectEqual('the version', JSON.parse(version.body).version.split('.').slice(0, 3).map(parseFloat), context.facts.version);
      const metrics = await askStandby(context, 'GET', '/metrics/snapshot');
      if (metrics.status !== 200) notRun(`/metrics/snapshot is answered ${metrics.status}`);
      expectFields('the metrics', JSON.parse(metrics.body), { 'master/elected': 0 });
    },
  },
  {
    name: 'while no leader is known a master answers 503, "No leader elected"',
    source,
    masters: 2,
    needs: ['stop-zookeeper', 'start-zookeeper', 'start-master'],
    run: async (context) => {
      const ms = electionMs(context.facts, context.patienceMs);
      await context.control.perform('stop-zookeeper', '');
      try {
        await context.eventually(
          'that it knows no leader',
          async () => ((await askStandby(context, 'GET', '/redirect')).status === 307 ? undefined : true),
          ms,
        );
        for (const path of ['/redirect', '/state', '/api/v1/scheduler'])
          expectRefusal(`POST ${path}`, await askStandby(context, 'POST', path, '{"type":"REVIVE"}'), 503, 'No leader elected');
      } finally {
        await context.control.perform('start-zookeeper', '');
        // Who has led ends then, and not everybody has a supervisor.
        await context.control.perform('start-master', new URL(context.settings.url).host);
      }
      await context.eventually('a leader', () => leaderAccordingTo(context.settings.standbys[0] ?? '', context.settings), ms);
    },
  },
  {
    name: 'a leader that can not yet read its registry answers calls with 503, "Master has not finished recovery"',
    source: 'src/master/http.cpp, Master::Http::scheduler, Master::Http::api; src/master/master.cpp, Master::recover',
    masters: 3,
    needs: ['kill-master', 'start-master'],
    run: async (context) => {
      if (context.facts.flags['registry'] !== 'replicated_log') notRun('needs masters with --registry=replicated_log');
      const [next = '', last = ''] = context.settings.standbys;
      // Two of three are a quorum; one alone is none.
      await killed(context, last, async () => {
        await killed(context, context.url, async () => {
          await context.eventually(
            'that it leads',
            async () => ((await leaderAccordingTo(next, context.settings)) === next ? true : undefined),
            electionMs(context.facts, context.patienceMs),
          );
          context.follow(next);
          for (const path of ['/api/v1/scheduler', '/api/v1']) {
            const answer = await context.client.exchange({ method: 'POST', path, headers: JSON_HEADERS, body: '{"type":"GET_HEALTH"}' });
            expectRefusal(`POST ${path}`, answer, 503, 'Master has not finished recovery');
          }
        });
      });
      await context.eventually('its recovery', async () => ((await context.post('{}')).status === 503 ? undefined : true));
    },
  },
];
