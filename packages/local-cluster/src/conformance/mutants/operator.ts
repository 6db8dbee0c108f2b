import { fault, type Mutant } from './mutant.js';

const routes = 'master/http/state-routes.ts';
const framework = 'master/views/framework-view.ts';

export const operatorMutants: readonly Mutant[] = [
  fault(routes, `sendText(response, ok))`, `sendText(response, { status: 200, body: 'ok' }))`, '/health is 200 without a body'),
  fault(routes, 'location: `//${to}`', 'location: `http://${to}/`', '/redirect leads to the leader, without a scheme'),
  fault('http/process-routes.ts', `sendJson(response, versionInfo,`, `sendJson(response, {},`, '/version tells the version'),
  fault('master/views/state-view.ts', `    leader: pid,\n`, ``, '/state tells of the master'),
  fault('master/views/task-view.ts', `?? '',\n    slave_id`, `?? id,\n    slave_id`, '/state tells of a framework and its task'),
  fault('master/views/agent-view.ts', `total(usedBy(agent))`, `[]`, '/slaves tells of the agents and what is used of them'),
  fault('master/views/tasks-view.ts', `[...tasks.values(), `, `[`, '/tasks tells of all tasks'),
  fault(framework, `active: framework.state === 'active'`, `active: true`, '/teardown ends a framework, which is completed then'),
  fault(
    'master/http/operator-calls.ts',
    `'No framework found with specified ID'`,
    `'No such framework'`,
    '/teardown refuses what names no framework',
  ),
  fault(
    'master/domain/remove-framework.ts',
    `{ type: 'shutdown-framework', frameworkId: framework.id }`,
    `{ type: 'shutdown-framework', frameworkId: 'another' }`,
    'the tasks of a framework that is torn down are killed',
  ),
  fault(
    'master/metrics/master-metrics.ts',
    `leadership.current().leading ? 1 : 0`,
    `0`,
    '/metrics/snapshot has the counters of the master',
  ),
  fault(
    'master/http/operator-routes.ts',
    `  router.use(\n`,
    `  router.all('/master/no-such-endpoint', (_request, response) => void response.status(200).end());\n  router.use(\n`,
    'what does not exist is 404',
  ),
];
