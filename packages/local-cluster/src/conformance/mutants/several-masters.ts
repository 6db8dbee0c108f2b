import { fault, type Mutant } from './mutant.js';

const leaderOnly = 'master/http/leader-only.ts';
const reconcile = 'master/domain/reconcile.ts';

export const severalMastersMutants: readonly Mutant[] = [
  fault(
    leaderOnly,
    '`/master${request.originalUrl}`',
    'request.originalUrl',
    'a call to a master that does not lead is redirected*',
    'what operators ask a master that does not lead is redirected*',
  ),
  fault(
    'master/http/state-routes.ts',
    'Location: `//${to}`',
    'Location: leading ? `//${to}` : `//${to}/`',
    '/redirect of a master that does not lead leads to the leader, without a path',
  ),
  fault(
    'master/metrics/master-metrics.ts',
    `leadership.current().leading ? 1 : 0`,
    `1`,
    'a master that does not lead tells by itself that it is healthy*',
  ),
  fault(leaderOnly, `status: 503, body: 'No leader elected'`, `status: 404`, 'while no leader is known a master answers 503*'),
  fault(
    leaderOnly,
    `if (!leadership.current().recovering) return next();`,
    `if (leadership !== undefined) return next();`,
    'a leader that can not yet read its registry answers calls with 503*',
  ),
  fault(
    'master/domain/agents/reregister.ts',
    `  framework.tasks.set(task.id, task);\n`,
    ``,
    'another master leads: the framework subscribes there with its id, and its task is still its own',
  ),
  fault(
    reconcile,
    `lossState(framework, 'TASK_UNKNOWN')`,
    `lossState(framework, 'TASK_GONE')`,
    'another master leads, registry in memory: a task whose agent is not back is UNKNOWN*',
  ),
  fault(
    reconcile,
    `: master.recoveredAgents.has(agentId)) return undefined;`,
    `: false) return undefined;`,
    'another master leads, replicated registry: of a task whose agent is not back nothing is said*',
  ),
  fault(
    'master/domain/agents/unreachable.ts',
    `  master.unreachableAgents.set(agentId, sinceNs);\n  tellOfLostAgent(`,
    `  tellOfLostAgent(`,
    'another master leads, replicated registry: after --agent_reregister_timeout*',
  ),
];
