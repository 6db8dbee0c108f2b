// The endpoints that people and tools use.
import { isAtLeast } from '../cluster-facts.js';
import type { ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import type { Answer } from '../../testing/wire-client.js';
import { expectEqual, expectFields, expectMatch, expectTrue, fail } from '../expect.js';
import { task } from '../tasks.js';

const http = 'src/master/http.cpp';

type View = Record<string, unknown>;

interface Named extends View {
  readonly id: string;
}

const find = (list: unknown, id: string, what: string): View =>
  (Array.isArray(list) ? (list as Named[]) : []).find((one) => one.id === id) ?? fail(`${what}: ${id} is not there`);

const teardown = (context: CaseContext, body: string): Promise<Answer> =>
  context.client.exchange({
    method: 'POST',
    path: '/master/teardown',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body,
  });

const numbers = (view: View, names: readonly string[]): View => Object.fromEntries(names.map((name) => [name, typeof view[name]]));

export const operatorEndpointCases: readonly ConformanceCase[] = [
  {
    name: '/health is 200 without a body',
    source: `${http}, Master::Http::health`,
    run: async (context) => {
      for (const path of ['/health', '/master/health']) {
        const { status, body } = await context.get(path);
        expectEqual(path, { status, body }, { status: 200, body: '' });
      }
    },
  },
  {
    name: '/redirect leads to the leader, without a scheme',
    source: `${http}, Master::Http::redirect`,
    run: async (context) => {
      const { status, headers } = await context.get('/master/redirect');
      expectEqual('the status', status, 307);
      expectMatch('Location', headers.location, /^\/\/[^/]+:\d+$/);
    },
  },
  {
    name: '/version tells the version',
    source: 'src/version/version.cpp',
    run: async (context) => expectTrue('it is', isAtLeast(context.facts.version, String((await context.getJson('/version'))['version']))),
  },
  {
    name: '/state tells of the master',
    source: `${http}, Master::Http::state`,
    run: async (context) => {
      for (const path of ['/state', '/master/state']) {
        const answer = await context.get(path);
        expectEqual('Content-Type', answer.headers['content-type'], 'application/json');
        const state = JSON.parse(answer.body) as View;
        expectMatch('pid', state['pid'], /^master@[\d.]+:\d+$/);
        expectEqual('leader', state['leader'], state['pid']);
        const counters = ['start_time', 'elected_time', 'activated_slaves', 'deactivated_slaves', 'unreachable_slaves'];
        expectEqual('numbers', numbers(state, counters), Object.fromEntries(counters.map((name) => [name, 'number'])));
        for (const list of ['slaves', 'frameworks', 'completed_frameworks', 'orphan_tasks', 'unregistered_frameworks'])
          expectTrue(`${list} is a list`, Array.isArray(state[list]), state[list]);
        expectEqual('flags', typeof state['flags'], 'object');
      }
    },
  },
  {
    name: '/state tells of a framework and its task',
    source: `${http} and src/common/http.cpp, JSON::Representation of Framework and Task`,
    run: async (context) => {
      const framework = await context.framework({ info: { name: 'conformance-state', webui_url: 'http://nowhere.example/' } });
      const offer = await framework.launch([task('t', 'sleep 60', { labels: { labels: [{ key: 'k', value: 'v' }] } })]);
      await framework.status('t', 'TASK_RUNNING');
      const seen = find((await context.getJson('/state'))['frameworks'], framework.id, 'frameworks');
      expectFields('the framework', seen, {
        name: 'conformance-state',
        user: context.settings.user,
        failover_timeout: 30,
        checkpoint: true,
        active: true,
        connected: true,
        recovered: false,
        webui_url: 'http://nowhere.example/',
        roles: ['*'],
        capabilities: ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'],
        completed_tasks: [],
      });
      expectFields('used_resources', seen['used_resources'], { cpus: 0.1, mem: 32 });
      const one = find(seen['tasks'], 't', 'tasks');
      expectFields('the task', one, {
        name: 't',
        framework_id: framework.id,
        executor_id: '',
        slave_id: offer.agent_id.value,
        state: 'TASK_RUNNING',
        role: '*',
        labels: [{ key: 'k', value: 'v' }],
      });
      expectFields('its resources', one['resources'], { cpus: 0.1, mem: 32, disk: 0, gpus: 0 });
      const states = (one['statuses'] as View[]).map(({ state }) => state);
      expectEqual('its statuses', states, ['TASK_STARTING', 'TASK_RUNNING']);
    },
  },
  {
    name: '/slaves tells of the agents and what is used of them',
    source: `${http}, Master::Http::slaves`,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      const agent = find((await context.getJson('/slaves'))['slaves'], offer.agent_id.value, 'slaves');
      expectFields('the agent', agent, { hostname: offer.hostname, active: true });
      expectMatch('its pid', agent['pid'], /^slave\(\d+\)@[\d.]+:\d+$/);
      const used = agent['used_resources'] as { cpus: number; mem: number };
      expectTrue('what is used', used.cpus >= 0.1 && used.mem >= 32, used);
      for (const name of ['resources', 'offered_resources', 'reserved_resources', 'unreserved_resources', 'attributes'])
        expectEqual(name, typeof agent[name], 'object');
    },
  },
  {
    name: '/tasks tells of all tasks',
    source: `${http}, Master::Http::tasks`,
    run: async (context) => {
      const framework = await context.framework();
      await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      const { tasks } = await context.getJson<{ tasks: Named[] }>('/tasks');
      const own = tasks.filter(({ framework_id }) => framework_id === framework.id);
      expectEqual(
        'the tasks',
        own.map(({ id, state }) => ({ id, state })),
        [{ id: 't', state: 'TASK_RUNNING' }],
      );
    },
  },
  {
    name: 'a task that has ended is among the completed ones of its framework',
    source: 'src/master/framework.cpp, Framework::addCompletedTask',
    run: async (context) => {
      const framework = await context.framework();
      await framework.run(task('t'));
      await context.eventually('the completed task', async () => {
        const { frameworks } = await context.getJson<{ frameworks: Named[] }>('/frameworks');
        const completed = (frameworks.find(({ id }) => id === framework.id)?.['completed_tasks'] ?? []) as Named[];
        return completed.some(({ id, state }) => id === 't' && state === 'TASK_FINISHED') ? true : undefined;
      });
    },
  },
  {
    name: '/teardown ends a framework, which is completed then',
    source: `${http}, Master::Http::teardown`,
    run: async (context) => {
      const framework = await context.framework();
      const { status, body } = await teardown(context, `frameworkId=${framework.id}`);
      expectEqual('the answer', { status, body }, { status: 200, body: '' });
      await framework.subscription.untilClosed(context.patienceMs);
      const seen = find((await context.getJson('/frameworks'))['completed_frameworks'], framework.id, 'completed_frameworks');
      expectFields('the framework', seen, { active: false });
    },
  },
  {
    name: '/teardown refuses what names no framework',
    source: `${http}, Master::Http::teardown`,
    run: async (context) => {
      const unknown = await teardown(context, 'frameworkId=nobody');
      expectEqual('unknown', { status: unknown.status, body: unknown.body }, { status: 400, body: 'No framework found with specified ID' });
      const missing = await teardown(context, 'framework=nobody');
      const text = `Missing 'frameworkId' query parameter in the request body`;
      expectEqual('missing', { status: missing.status, body: missing.body }, { status: 400, body: text });
    },
  },
  {
    name: 'the tasks of a framework that is torn down are killed',
    source: 'src/master/master.cpp, Master::removeFramework: TASK_KILLED, REASON_FRAMEWORK_REMOVED',
    run: async (context) => {
      const framework = await context.framework();
      const mark = `/tmp/mesos-conformance-teardown-${process.pid}`;
      const offer = await framework.launch([task('t', `rm -f ${mark}; trap 'touch ${mark}; exit' TERM; while true; do sleep 0.1; done`)]);
      await framework.status('t', 'TASK_RUNNING');
      await context.wait(500);
      await framework.send({ type: 'TEARDOWN' });
      const completed = find((await context.getJson('/frameworks'))['completed_frameworks'], framework.id, 'completed_frameworks');
      expectEqual('the state', find(completed['completed_tasks'], 't', 'completed_tasks')['state'], 'TASK_KILLED');
      const other = await context.framework();
      const next = await other.expectOffer('the agent', ({ agent_id }) => agent_id.value === offer.agent_id.value);
      const command = `n=0; until [ -e ${mark} ] || [ $n -gt 80 ]; do n=$((n+1)); sleep 0.1; done; rm ${mark}`;
      expectEqual('the task was told', (await other.run(task('look', command), next)).message, 'Command exited with status 0');
    },
  },
  {
    name: '/metrics/snapshot has the counters of the master',
    source: 'src/master/metrics.cpp',
    run: async (context) => {
      const metrics = await context.getJson('/metrics/snapshot');
      expectEqual('master/elected', metrics['master/elected'], 1);
      const names = [
        'master/uptime_secs',
        'master/slaves_active',
        'master/frameworks_active',
        'master/outstanding_offers',
        'master/tasks_running',
      ];
      expectEqual('numbers', numbers(metrics, names), Object.fromEntries(names.map((name) => [name, 'number'])));
    },
  },
  {
    name: 'what does not exist is 404',
    source: '3rdparty/libprocess, ProcessBase: NotFound',
    run: async (context) => expectEqual('the status', (await context.get('/master/no-such-endpoint')).status, 404),
  },
];
