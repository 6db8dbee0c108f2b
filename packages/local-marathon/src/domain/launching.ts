import type { Offer, TaskInfo } from '@streams-on-mesos/mesos';
import type { AppDefinition } from './app-definition.js';
import { taskIdOf } from './app-id.js';
import { constraintsAllow } from './constraint.js';
import { wantedLaunches } from './demand.js';
import type { Effect } from './events.js';
import { unchecked } from './health.js';
import { choosePorts, leftOf, openPool, takePorts, takeScalar, type OfferPool } from './offer-pool.js';
import { nextUuid, tasksOf, type State } from './state.js';
import { taskInfoOf } from './task-info.js';
import type { Task } from './task.js';

/** Marathon's decline_offer_duration: an agent that had no room is asked again after it; REVIVE ends it earlier. */
const refuseSeconds = 120;
/** For when nothing is wanted. */
const refuseLongSeconds = 3600;

/** Uses each offer at once for what fits and declines the rest: offers are never held. */
export function useOffers(state: State, offers: readonly Offer[], now: number): Effect[] {
  const wanted = new Map(wantedLaunches(state, now).map(({ app, count }) => [app.id, count]));
  const effects: Effect[] = [];
  const unused: string[] = [];
  for (const offer of offers) {
    const pool = openPool(offer);
    const tasks = [...wanted.keys()].flatMap((appId) => launchOn(state, pool, appId, wanted, now));
    if (tasks.length === 0) unused.push(offer.id.value);
    else effects.push({ type: 'accept', offerId: offer.id.value, tasks, refuseSeconds });
  }
  if (unused.length > 0) {
    effects.push({ type: 'decline', offerIds: unused, refuseSeconds: wanted.size > 0 ? refuseSeconds : refuseLongSeconds });
  }
  state.offersAwaitedSince = now;
  // Offers came, so the role is not suppressed, whatever was believed; if nothing is wanted SUPPRESS follows (again).
  state.suppressed = false;
  return effects;
}

function launchOn(state: State, pool: OfferPool, appId: string, wanted: Map<string, number>, now: number): TaskInfo[] {
  const app = state.apps.get(appId);
  if (!app) return [];
  const launched: TaskInfo[] = [];
  for (let missing = wanted.get(appId) ?? 0; missing > 0; missing--) {
    const ports = portsFor(state, app, pool);
    const reason = rejection(state, app, pool, ports);
    countOffer(state, appId, reason, now);
    if (reason !== undefined || ports === undefined) break;
    launched.push(launch(state, app, pool, ports, now));
    wanted.set(appId, missing - 1);
  }
  if (wanted.get(appId) === 0) wanted.delete(appId);
  return launched;
}

/** Each launch goes on where the last one stopped; each Marathon starts elsewhere, since two clusters on one machine may offer the same ports. */
const portsFor = (state: State, app: AppDefinition, pool: OfferPool): number[] | undefined =>
  choosePorts(
    pool,
    app.portDefinitions.map(({ port }) => (app.requirePorts ? port : 0)),
    Number.parseInt(state.seed.slice(0, 8), 16) + state.idsGiven * Math.max(1, app.portDefinitions.length),
  );

/** Marathon's name for why the offer is of no use to the app, or undefined. */
function rejection(state: State, app: AppDefinition, pool: OfferPool, ports: number[] | undefined): string | undefined {
  if (leftOf(pool, 'cpus') < app.cpus) return 'InsufficientCpus';
  if (leftOf(pool, 'mem') < app.mem) return 'InsufficientMemory';
  if (leftOf(pool, 'disk') < app.disk) return 'InsufficientDisk';
  if (ports === undefined) return 'InsufficientPorts';
  const hosts = tasksOf(state, app.id).map(({ host }) => host);
  return constraintsAllow(app.constraints, pool.offer, hosts) ? undefined : 'UnfulfilledConstraint';
}

function countOffer(state: State, appId: string, reason: string | undefined, now: number): void {
  const waiting = state.waiting.get(appId) ?? { since: now, processedOffers: 0, rejections: new Map<string, number>() };
  state.waiting.set(appId, waiting);
  waiting.processedOffers += 1;
  if (reason !== undefined) waiting.rejections.set(reason, (waiting.rejections.get(reason) ?? 0) + 1);
}

function launch(state: State, app: AppDefinition, pool: OfferPool, ports: readonly number[], now: number): TaskInfo {
  const task: Task = {
    id: taskIdOf(app.id, nextUuid(state)),
    appId: app.id,
    version: app.version,
    agentId: pool.offer.agent_id.value,
    host: pool.offer.hostname,
    ports,
    servicePorts: app.portDefinitions.map(({ port }) => port),
    healthChecks: app.healthChecks,
    state: 'TASK_STAGING',
    stagedAt: now,
    ipAddresses: [],
    health: app.healthChecks.map(() => unchecked),
  };
  state.tasks.set(task.id, task);
  state.revision += 1;
  const scalars = (['cpus', 'mem', 'disk'] as const).flatMap((name) => takeScalar(pool, name, app[name]));
  return taskInfoOf(app, task, [...scalars, ...takePorts(pool, ports)]);
}
