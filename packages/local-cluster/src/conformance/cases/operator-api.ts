// The operator API v1 of the master, and the files of sandboxes.
import type { Answer } from '../../testing/wire-client.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, expectMatch, expectTrue } from '../expect.js';
import { task } from '../tasks.js';

const source = 'docs/operator-http-api.md; src/master/http.cpp, Master::Http::api';

type View = Record<string, unknown>;

const call = (context: CaseContext, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  context.client.exchange({
    method: 'POST',
    path: '/api/v1',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body,
  });

const get = async (context: CaseContext, type: string): Promise<View> => {
  const { status, headers, body } = await call(context, JSON.stringify({ type }));
  expectEqual(`the status of ${type}`, status, 200);
  expectEqual(`the Content-Type of ${type}`, headers['content-type'], 'application/json');
  const response = JSON.parse(body) as View;
  expectEqual('the type of the response', response['type'], type);
  return response[type.toLowerCase()] as View;
};

const list = (view: unknown, name: string): View[] => ((view as View | undefined)?.[name] ?? []) as View[];

export const operatorApiCases: readonly ConformanceCase[] = [
  {
    name: 'GET_HEALTH, GET_VERSION and GET_MASTER tell of the master',
    source,
    run: async (context) => {
      expectEqual('GET_HEALTH', await get(context, 'GET_HEALTH'), { healthy: true });
      const { version_info } = (await get(context, 'GET_VERSION')) as { version_info: View };
      expectEqual('the version', String(version_info['version']).split('.').slice(0, 3).map(parseFloat), context.facts.version);
      const { master_info } = (await get(context, 'GET_MASTER')) as { master_info: View };
      expectFields('GET_MASTER', master_info, { id: context.facts.masterId });
    },
  },
  {
    name: 'GET_TASKS, GET_FRAMEWORKS and GET_AGENTS tell of what runs',
    source,
    run: async (context) => {
      const framework = await context.framework({ info: { name: 'conformance-api' } });
      const offer = await framework.launch([task('t', 'sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      const isOwn = ({ framework_id }: View): boolean => (framework_id as { value: string } | undefined)?.value === framework.id;
      const tasks = list(await get(context, 'GET_TASKS'), 'tasks').filter(isOwn);
      expectEqual('the number of tasks', tasks.length, 1);
      expectFields('the task', tasks[0], { name: 't', task_id: { value: 't' }, state: 'TASK_RUNNING', agent_id: offer.agent_id });
      const frameworks = list(await get(context, 'GET_FRAMEWORKS'), 'frameworks');
      const own = frameworks.find(({ framework_info }) => (framework_info as { id: { value: string } }).id.value === framework.id);
      expectFields('the framework', own, { active: true, connected: true });
      expectFields('its info', own?.['framework_info'], { name: 'conformance-api' });
      const agents = list(await get(context, 'GET_AGENTS'), 'agents');
      const agent = agents.find(({ agent_info }) => (agent_info as { id: { value: string } }).id.value === offer.agent_id.value);
      expectFields('the agent', agent, { active: true });
    },
  },
  {
    name: 'GET_STATE has tasks, frameworks and agents in one',
    source,
    run: async (context) => {
      const framework = await context.framework();
      const state = await get(context, 'GET_STATE');
      const frameworks = list(state['get_frameworks'], 'frameworks');
      expectTrue('the framework is there', JSON.stringify(frameworks).includes(framework.id));
      expectTrue('agents are there', typeof state['get_agents'] === 'object');
      expectTrue('tasks are there', typeof state['get_tasks'] === 'object');
    },
  },
  {
    name: 'GET_FLAGS and GET_METRICS are lists of names and values',
    source,
    run: async (context) => {
      const flags = list(await get(context, 'GET_FLAGS'), 'flags');
      expectTrue(
        'allocation_interval is there',
        flags.some(({ name }) => name === 'allocation_interval'),
        flags.slice(0, 3),
      );
      const { body } = await call(context, '{"type": "GET_METRICS", "get_metrics": {}}');
      const { metrics } = (JSON.parse(body) as { get_metrics: { metrics: View[] } }).get_metrics;
      expectEqual('master/elected', metrics.find(({ name }) => name === 'master/elected')?.['value'], 1);
    },
  },
  {
    name: 'TEARDOWN by the operator ends the framework',
    source,
    since: '1.6',
    run: async (context) => {
      const framework = await context.framework();
      const body = JSON.stringify({ type: 'TEARDOWN', teardown: { framework_id: { value: framework.id } } });
      expectEqual('the status', (await call(context, body)).status, 200);
      await framework.subscription.untilClosed(context.patienceMs);
      const again = await call(context, body);
      expectEqual('once more', { status: again.status, body: again.body }, { status: 400, body: 'No framework found with specified ID' });
    },
  },
  {
    name: 'a call of the operator API without type is refused with 400',
    source: 'src/master/validation.cpp, master::call::validate',
    run: async (context) => {
      const { status, body } = await call(context, '{}');
      expectEqual('the answer', { status, body }, { status: 400, body: `Failed to validate master::Call: Expecting 'type' to be present` });
    },
  },
  {
    name: 'a call of the operator API without its body is refused with 400',
    source: 'src/master/validation.cpp, master::call::validate',
    run: async (context) => {
      const { status, body } = await call(context, '{"type": "READ_FILE"}');
      const text = `Failed to validate master::Call: Expecting 'read_file' to be present`;
      expectEqual('the answer', { status, body }, { status: 400, body: text });
    },
  },
  {
    name: 'the operator API speaks either encoding',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const type = context.encoding === 'json' ? 'application/json' : 'application/x-protobuf';
      const { status, headers } = await call(context, '{"type": "GET_HEALTH"}', { Accept: type });
      expectEqual('the status', status, 200);
      expectEqual('the Content-Type', headers['content-type'], type);
    },
  },
  {
    name: 'the output of a task can be read by the files of its agent',
    source: 'docs/sandbox.md; src/files/files.cpp, FilesProcess::read',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.launch([task('t', 'echo hello; echo sorry >&2; sleep 60')]);
      await framework.status('t', 'TASK_RUNNING');
      interface Executors {
        readonly frameworks: readonly { readonly id: string; readonly executors: readonly { readonly directory: string }[] }[];
      }
      const { frameworks } = await context.askAgent<Executors>(offer, '/state');
      const directory = frameworks.find(({ id }) => id === framework.id)?.executors[0]?.directory ?? '';
      expectMatch('the directory', directory, /\/executors\/t\/runs\//);
      const read = `/files/read?path=${encodeURIComponent(`${directory}/stdout`)}&offset=0&length=1000`;
      const output = await context.eventually('the output', async () => {
        const { data } = await context.askAgent<{ data: string }>(offer, read);
        return data.includes('hello') ? data : undefined;
      });
      expectMatch('stdout', output, /hello\n/);
      const files = await context.askAgent<{ path: string }[]>(offer, `/files/browse?path=${encodeURIComponent(directory)}`);
      const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
      expectTrue('stdout and stderr are there', names.includes('stdout') && names.includes('stderr'), names);
    },
  },
];
