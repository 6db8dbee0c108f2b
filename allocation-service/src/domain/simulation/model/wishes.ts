import type { Allocate, Constraint } from '@streams-on-mesos/messages';
import { allocateBody } from '../../testing/builders.js';
import type { Theme } from '../actions/themes.js';
import type { Random } from './random.js';

/** Any constraint that some of the agents can meet. */
const constraint = (random: Random): Constraint => {
  const choices: readonly Constraint[] = [
    { field: 'hostname', operator: 'UNIQUE' },
    { field: 'hostname', operator: 'MAX_PER', value: '2' },
    { field: 'rack', operator: 'CLUSTER' },
    { field: 'rack', operator: 'CLUSTER', value: 'rack-1' },
    { field: '@zone', operator: 'IS', value: 'zone-1' },
    { field: 'rack', operator: 'LIKE', value: 'rack-[01]' },
    { field: '@hostname', operator: 'UNLIKE', value: 'host-[12].*' },
    { field: 'rack', operator: 'GROUP_BY', value: '2' },
  ];
  return random.pick(choices) ?? { field: 'hostname', operator: 'UNIQUE' };
};

const quantities = (random: Random): Allocate['each'] => {
  if (random.chance(0.05)) return { cpus: 0, mem: 0 };
  return {
    cpus: (1 + random.below(15)) / 10,
    mem: 32 * (1 + random.below(30)),
    ...(random.chance(0.1) ? { disk: 100 * (1 + random.below(4)) } : {}),
    ...(random.chance(0.05) ? { gpus: 1 } : {}),
    ...(random.chance(0.15) ? { ports: 1 + random.below(2) } : {}),
    ...(random.chance(0.05) ? { port_ranges: [{ begin: 31_001, end: 31_001 + random.below(2) }] } : {}),
  };
};

/** What a client may ask for; mostly something plain. */
export const randomAllocate = (random: Random, clientId: string, number: number, now: number, { deferred, checked }: Theme): Allocate => ({
  ...allocateBody({ request_id: `request-${number}`, client_id: clientId, count: 1 + random.below(3), task_prefix: clientId }),
  each: quantities(random),
  workload: {
    ...(random.chance(deferred) ? { command: '', deferred: true } : { command: 'exec controller' }),
    ...(random.chance(0.4) ? { stop_hook: true } : {}),
    ...(random.chance(checked) ? { health_check: { type: 'COMMAND', command: { value: 'exec probe' } } } : {}),
  },
  ...(random.chance(0.2) ? { priority: random.below(3) } : {}),
  ...(random.chance(0.05) ? { alone_on_agent: true } : {}),
  ...(random.chance(0.2) ? { constraints: [constraint(random)] } : {}),
  ...(random.chance(0.15) ? { role: 'prod' } : {}),
  ...(random.chance(0.1) ? { revocable: true } : {}),
  ...(random.chance(0.15) ? { licences: [{ name: 'solver', count: 1 + random.below(2) }] } : {}),
  ...(random.chance(0.4) ? { place_by_ms: now + random.below(60_000) } : {}),
});

/** It may wait for ever when others hold what it needs. */
export const isDemanding = ({ each, alone_on_agent, constraints, licences, role, revocable }: Allocate): boolean =>
  each.cpus === 0 ||
  alone_on_agent === true ||
  [each.disk, each.gpus, each.ports, each.port_ranges, constraints, licences, role, revocable].some(Boolean);
