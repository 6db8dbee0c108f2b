import { fault, type Mutant } from './mutant.js';

const routes = 'master/http/state-routes.ts';
const handler = 'master/http/operator-call-handler.ts';
const framework = 'master/views/framework-view.ts';

export const operatorMutants: readonly Mutant[] = [
  fault(routes, `sendText(response, ok))`, `sendText(response, { status: 200, body: 'ok' }))`, '/health is 200 without a body'),
  fault(routes, 'Location: `//${to}`', 'Location: `http://${to}/`', '/redirect leads to the leader, without a scheme'),
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

  fault(
    handler,
    `get_health: { healthy: true }`,
    `get_health: { healthy: false }`,
    'GET_HEALTH, GET_VERSION and GET_MASTER tell of the master',
  ),
  fault(handler, `get_tasks: getTasks(master.state)`, `get_tasks: {}`, 'GET_TASKS, GET_FRAMEWORKS and GET_AGENTS tell of what runs'),
  fault(handler, `get_state: getState(master.state)`, `get_state: {}`, 'GET_STATE has tasks, frameworks and agents in one'),
  fault(handler, `get_flags: { flags }`, `get_flags: {}`, 'GET_FLAGS and GET_METRICS are lists of names and values'),
  fault(
    handler,
    `teardown(master, present(call.teardown).framework_id.value)`,
    `(void master, void present(call.teardown), ok)`,
    'TEARDOWN by the operator ends the framework',
  ),
  fault(
    'master/http/operator-api.ts',
    '`Failed to validate master::Call: ${invalid}`',
    '`Invalid: ${invalid}`',
    'a call of the operator API without type is refused with 400',
    'a call of the operator API without its body is refused with 400',
  ),
  fault(
    'master/http/operator-api.ts',
    `masterResponseType, accepted)`,
    `masterResponseType, type)`,
    'the operator API speaks either encoding',
  ),
  fault('files/file-routes.ts', `data: data.toString('latin1')`, `data: ''`, 'the output of a task can be read by the files of its agent'),
];
