import type { Constraint } from '../../packages/messages/src/index.js';
import { best, rounded, type Bench, type Figure } from '../figure.js';
import { CPUS, Decisions, fenzoTasks, inGroups, launchedBy, offerOf, type TaskGroup } from './cluster.js';
import { firstFit, firstFitConstrained } from './first-fit.js';

const AGENTS = 10_000;
const ROUNDS = 7;
/** What one message of offer-service has at most. */
const OFFERS_A_MESSAGE = 200;
/** In Fenzo's test so many tasks are asked for between two runs. */
const TASKS_AT_ONCE = 200;

/** A quarter of the requests each, of which one in fifty racks, one in five zones or every agent may be what matters. */
const constraints: readonly Constraint[] = [
  { field: '@hostname', operator: 'UNIQUE' },
  { field: '@zone', operator: 'GROUP_BY', value: '5' },
  { field: 'rack', operator: 'MAX_PER', value: '2' },
  { field: 'rack', operator: 'LIKE', value: 'rack-[0-3]?[0-9]' },
];
const constraintOf = (group: number): Constraint => constraints[group % constraints.length] as Constraint;

interface Run {
  /** Resources placed or proven to have no room, with their records, tasks and calls, each second. */
  readonly decisionsPerSecond: number;
  /** The same by the CPU time of the process, its garbage collector's threads too: what else runs on the machine counts less. */
  readonly decisionsPerCpuSecond: number;
  /** Share of all cpus. */
  readonly used: number;
}

const ask = (decisions: Decisions, groups: readonly TaskGroup[], isConstrained: boolean): void => {
  let asked = 0;
  for (const [group, { cpus, count }] of groups.entries()) {
    decisions.allocate({
      request_id: `request-${group}`,
      client_id: 'bench',
      count,
      each: { cpus, mem: cpus * 1000 },
      workload: { command: 'exec task' },
      ...(isConstrained ? { constraints: [constraintOf(group)] } : {}),
    });
    asked += count;
    if (asked % TASKS_AT_ONCE < count) decisions.now += 1;
  }
};

/** All is asked for, then all agents are offered, in messages as offer-service makes them: what these steps take, best of the rounds, each from nothing. */
const run = (groups: readonly TaskGroup[], isConstrained: boolean, offersAMessage = OFFERS_A_MESSAGE): Run => {
  const wanted = groups.reduce((sum, { count }) => sum + count, 0);
  const messages = Array.from({ length: AGENTS / offersAMessage }, (_, message) =>
    Array.from({ length: offersAMessage }, (_, n) => offerOf(message * offersAMessage + n)),
  );
  let least = Infinity;
  let leastCpu = Infinity;
  let used = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const decisions = new Decisions();
    ask(decisions, groups, isConstrained);
    let cpus = 0;
    let seconds = 0;
    let cpuSeconds = 0;
    for (const offers of messages) {
      const cpuBefore = process.cpuUsage();
      const began = performance.now();
      const step = decisions.offer(offers);
      seconds += (performance.now() - began) / 1000;
      const { user, system } = process.cpuUsage(cpuBefore);
      cpuSeconds += (user + system) / 1e6;
      cpus += launchedBy(step).cpus;
    }
    least = Math.min(least, seconds);
    leastCpu = Math.min(leastCpu, cpuSeconds);
    used = cpus / (AGENTS * CPUS);
  }
  return { decisionsPerSecond: wanted / least, decisionsPerCpuSecond: wanted / leastCpu, used };
};

const tasks = fenzoTasks(AGENTS);
const groups = inGroups(tasks);
const total = groups.reduce((sum, { count }) => sum + count, 0);
let known: Run | undefined;
/** One run for both of its figures. */
const unconstrained = (): Run => (known ??= run(groups, false));

export const matcher: Bench = async () => {
  const { decisionsPerSecond, decisionsPerCpuSecond } = unconstrained();
  const single = run(inGroups(tasks, 1), false);
  const atOnce = run(groups, false, AGENTS);
  const rival = total / best(3, () => void firstFit(groups, AGENTS));
  const figure = (name: string, value: number, unit: string): Figure => ({
    name,
    value: rounded(value),
    unit,
    against: 'first fit of the same tasks by scanning the offers, without records, tasks and calls',
    ratio: rounded(value / rival),
  });
  return [
    figure('matcher', decisionsPerSecond, 'decisions/s'),
    figure('matcher-cpu', decisionsPerCpuSecond, 'decisions per second of CPU time'),
    figure('matcher-at-once', atOnce.decisionsPerSecond, 'decisions/s, were all offers one message'),
    figure('matcher-single', single.decisionsPerSecond, 'decisions/s, one resource a request'),
    figure('matcher-single-cpu', single.decisionsPerCpuSecond, 'decisions per second of CPU time, one resource a request'),
  ];
};

export const utilisation: Bench = async () => {
  const { used } = unconstrained();
  const rival = firstFit(groups, AGENTS).cpus / (AGENTS * CPUS);
  return [
    {
      name: 'utilisation',
      value: rounded(used),
      unit: 'of all cpus',
      against: 'first fit of the same tasks',
      ratio: rounded(used / rival),
    },
  ];
};

export const matcherConstraints: Bench = async (): Promise<Figure[]> => {
  const { decisionsPerSecond } = run(groups, true);
  const rival = total / best(1, () => firstFitConstrained(groups, AGENTS, constraintOf));
  return [
    {
      name: 'matcher-constraints',
      value: rounded(decisionsPerSecond),
      unit: 'decisions/s',
      against: 'first fit that counts what was placed for each agent it looks at, without records, tasks and calls',
      ratio: rounded(decisionsPerSecond / rival),
    },
  ];
};
