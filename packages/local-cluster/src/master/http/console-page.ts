// A plain page for people, where Mesos has its web interface: frameworks, agents, offers and tasks with their sandboxes.
import { Router } from 'express';
import type { AgentRecord, FrameworkRecord, MasterState } from '../domain/master-state.js';
import { executorIdOf, type Task } from '../domain/task.js';
import type { Leadership } from '../leadership.js';
import { notFound } from '../../http/answers.js';
import { formatResources } from '../../resources/resources.js';

/** Text that has been escaped, or was written here. */
interface Html {
  readonly html: string;
}

const escaped = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const cell = (value: unknown): string => (typeof value === 'object' && value !== null ? (value as Html).html : escaped(value));

const link = (url: string, text: string): Html => ({ html: `<a href="${escaped(url)}">${escaped(text)}</a>` });

const table = (title: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `<h2>${escaped(title)} (${rows.length})</h2><table><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join('')}</tr>` +
  `${rows.map((row) => `<tr>${row.map((value) => `<td>${cell(value)}</td>`).join('')}</tr>`).join('')}</table>`;

const document = (body: string): string =>
  `<!doctype html><title>Mesos, local cluster</title><meta http-equiv="refresh" content="5">` +
  `<style>body{font:14px sans-serif;margin:2em}td,th{text-align:left;padding:.2em 1em .2em 0}</style><h1>Mesos, local cluster</h1>${body}`;

const time = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString().slice(0, 19).replace('T', ' '));

/** Where the agent shows a task's files (src/files/files.cpp); a task of a group has a directory of its own. */
const sandbox = (task: Task, agent: AgentRecord | undefined): Html => {
  if (agent === undefined) return { html: '' };
  const executorId = executorIdOf(task).executor_id?.value ?? task.id;
  const own = `/frameworks/${task.frameworkId}/executors/${executorId}/runs/latest`;
  const path = task.info.executor?.type === 'DEFAULT' ? `${own}/tasks/${task.id}` : own;
  const at = (endpoint: string, file = ''): string =>
    `http://${agent.info.ip}:${agent.info.port}/files/${endpoint}?path=${encodeURIComponent(path + file)}`;
  const links = [link(at('browse'), 'files'), link(at('download', '/stdout'), 'stdout'), link(at('download', '/stderr'), 'stderr')];
  return { html: links.map(({ html }) => html).join(' ') };
};

const frameworkRow = ({ id, info, state, roles, tasks, offers, registeredAt }: FrameworkRecord): unknown[] => [
  id,
  info.webui_url === undefined || !/^https?:\/\//.test(info.webui_url) ? info.name : link(info.webui_url, info.name),
  state,
  roles.join(', '),
  tasks.size,
  offers.size,
  time(registeredAt),
];

const taskRow = (task: Task, master: MasterState): unknown[] => {
  const agent = master.agents.get(task.agentId);
  return [task.id, task.info.name, task.state, task.frameworkId, agent?.info.hostname ?? task.agentId, sandbox(task, agent)];
};

const TASK_HEADS = ['Id', 'Name', 'State', 'Framework', 'Agent', 'Sandbox'];

const leaderPage = (master: MasterState): string => {
  const frameworks = [...master.frameworks.values()];
  const completed = [...master.completedFrameworks.values()];
  const current = frameworks.flatMap(({ tasks, unreachableTasks }) => [...tasks.values(), ...unreachableTasks.values()]);
  const ended = [...frameworks, ...completed].flatMap(({ completedTasks }) => completedTasks);
  const row = (task: Task): unknown[] => taskRow(task, master);
  return document(
    `<p>Master ${escaped(master.info.pid)} leads, since ${escaped(time(master.startedAt))}. ${link('/state', 'All of it as JSON').html}</p>` +
      table('Frameworks', ['Id', 'Name', 'State', 'Roles', 'Tasks', 'Offers', 'Since'], frameworks.map(frameworkRow)) +
      table('Tasks', TASK_HEADS, current.map(row)) +
      table(
        'Agents',
        ['Id', 'Host', 'State', 'Resources', 'Tasks', 'Since'],
        [...master.agents.values()].map((agent) => [
          agent.id,
          link(`http://${agent.info.ip}:${agent.info.port}/state`, agent.info.hostname),
          agent.active ? 'active' : agent.connected ? 'deactivated' : 'disconnected',
          formatResources(agent.total),
          agent.tasks.size,
          time(agent.registeredAt),
        ]),
      ) +
      table(
        'Offers',
        ['Id', 'Framework', 'Agent', 'Role', 'Resources'],
        [...master.offers.values()].map(({ id, frameworkId, agentId, role, resources }) => [
          id,
          frameworkId,
          master.agents.get(agentId)?.info.hostname ?? agentId,
          role,
          formatResources(resources),
        ]),
      ) +
      table('Completed tasks', TASK_HEADS, ended.map(row)) +
      table(
        'Completed frameworks',
        ['Id', 'Name', 'Since', 'Until'],
        completed.map(({ id, info, registeredAt, unregisteredAt }) => [id, info.name, time(registeredAt), time(unregisteredAt)]),
      ),
  );
};

const otherPage = (master: MasterState, leader: string | undefined): string =>
  document(
    `<p>Master ${escaped(master.info.pid)} does not lead. ` +
      `${leader === undefined ? 'None does at the moment.' : `The leader is ${link(`http://${leader}/`, leader).html}.`}</p>`,
  );

export const consolePage = (master: MasterState, leadership: Leadership): Router => {
  const router = Router();
  router.get(['/', '/master'], (_request, response) => {
    const { leading, leader } = leadership.current();
    response.type('html').send(leading ? leaderPage(master) : otherPage(master, leader));
  });
  // The pages come last, as they do in Mesos: what is none of them doesn't exist.
  router.use((_request, response) => notFound(response));
  return router;
};
