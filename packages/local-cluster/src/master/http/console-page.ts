// A plain page on / for people: frameworks, agents, tasks.
import { Router } from 'express';
import { allTasks } from '../views/tasks-view.js';
import type { MasterState } from '../domain/master-state.js';

const escaped = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const table = (title: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `<h2>${escaped(title)} (${rows.length})</h2><table><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join('')}</tr>` +
  `${rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`;

const page = (state: MasterState): string =>
  `<!doctype html><title>Mesos, local cluster</title><meta http-equiv="refresh" content="5">` +
  `<style>body{font:14px sans-serif;margin:2em}td,th{text-align:left;padding:.2em 1em .2em 0}</style>` +
  `<h1>Mesos, local cluster</h1><p>Master ${escaped(state.info.pid)}</p>` +
  table(
    'Frameworks',
    ['Id', 'Name', 'State', 'Tasks'],
    [...state.frameworks.values()].map(({ id, info, state: standing, tasks }) => [id, info.name, standing, tasks.size]),
  ) +
  table(
    'Agents',
    ['Id', 'Host', 'Tasks'],
    [...state.agents.values()].map(({ id, info, tasks }) => [id, info.hostname, tasks.size]),
  ) +
  table(
    'Tasks',
    ['Id', 'Framework', 'State', 'Agent'],
    allTasks(state).map(({ id, frameworkId, state: taskState, agentId }) => [id, frameworkId, taskState, agentId]),
  );

export const consolePage = (state: MasterState): Router => {
  const router = Router();
  router.get('/', (_request, response) => void response.type('html').send(page(state)));
  return router;
};
