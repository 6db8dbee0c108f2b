// What operators read of a master (src/master/http.cpp, readonly_handler.cpp). Any method is as good as GET: Mesos doesn't look.
import { Router } from 'express';
import { notFound, ok, sendJson, sendText } from '../../http/answers.js';
import { endpoint, queryOf, type Query } from '../../http/requests.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { slavesView } from '../views/agent-view.js';
import type { Flags } from '../views/flags.js';
import { rolesView } from '../views/roles-view.js';
import { stateSummaryView } from '../views/state-summary-view.js';
import { frameworksView, stateView } from '../views/state-view.js';
import { tasksView } from '../views/tasks-view.js';
import { leaderOnly } from './leader-only.js';

export const stateRoutes = (master: Master, leadership: Leadership, flags: () => Flags): Router => {
  const { state } = master;
  const router = Router({ caseSensitive: true });
  const whenLeading = leaderOnly(leadership);
  const view = (name: string, of: (query: Query) => unknown): void => {
    router.all(endpoint('master', name), whenLeading, (request, response) => {
      const query = queryOf(request);
      sendJson(response, of(query), query['jsonp']);
    });
  };

  view('state-summary', () => stateSummaryView(state));
  view('state', () => stateView(state, flags()));
  view('slaves', ({ slave_id }) => slavesView(state, slave_id));
  view('frameworks', ({ framework_id }) => frameworksView(state, framework_id));
  view('tasks', (query) => tasksView(state, query));
  view('roles', () => rolesView(state));

  router.all(endpoint('master', 'health'), (_request, response) => sendText(response, ok));
  router.all(endpoint('master', 'flags'), (request, response) => sendJson(response, { flags: flags() }, queryOf(request)['jsonp']));
  router.all(['/redirect', '/master/redirect'], (_request, response) => {
    const { leading, leader } = leadership.current();
    const to = leading ? `${state.info.hostname}:${state.info.port}` : leader;
    if (to === undefined) return sendText(response, { status: 503, body: 'No leader elected' });
    response
      .status(307)
      .set({ Location: `//${to}`, 'Content-Length': '0' })
      .end();
  });
  router.all(endpoint('master', 'redirect'), (_request, response) => notFound(response));
  return router;
};
