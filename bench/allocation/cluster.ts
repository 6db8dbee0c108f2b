import type { Offer } from '../../packages/mesos/src/index.js';
import type { Allocate } from '../../packages/messages/src/index.js';
import { loadState, step } from '../../allocation-service/src/domain/machine.js';
import type { DomainEvent } from '../../allocation-service/src/domain/events.js';
import type { State, Step } from '../../allocation-service/src/domain/model.js';
import { defaultSettings } from '../../allocation-service/src/domain/settings.js';

export const CPUS = 8;
export const RACKS = 50;
export const ZONES = 5;

const subscription = { term: 1, counter: 1 };

/** Agent n, all of it: 8 cpus, 1 GB of memory a cpu as in Fenzo's test, in one of 50 racks in 5 zones. */
export const offerOf = (n: number, round = 0): Offer => ({
  id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-O${round}-${n}` },
  framework_id: { value: '2efd329e-8cf3-4e8c-b124-b68caf132cb5-0000' },
  agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${n}` },
  hostname: `agent-${n}.example`,
  allocation_info: { role: '*' },
  domain: { fault_domain: { region: { name: 'region' }, zone: { name: `zone-${n % ZONES}` } } },
  attributes: [
    { name: 'rack', type: 'TEXT', text: { value: `rack-${n % RACKS}` } },
    { name: 'generation', type: 'SCALAR', scalar: { value: n % 3 } },
  ],
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: CPUS }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: CPUS * 1000 }, allocation_info: { role: '*' } },
    { name: 'disk', type: 'SCALAR', scalar: { value: 100_000 }, allocation_info: { role: '*' } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, allocation_info: { role: '*' } },
  ],
});

/** allocation-service's decisions with nothing around them, on a clock of their own. */
export class Decisions {
  readonly state: State;
  now = 1_700_000_000_000;
  #messages = 0;

  constructor() {
    this.state = loadState([], defaultSettings, this.now);
    this.send({ type: 'leading', term: 1 });
    this.send({ type: 'subscribed', subscription, frameworkId: 'framework', answersTerm: 1 });
  }

  send(event: DomainEvent): Step {
    return step(this.state, event, this.now);
  }

  allocate(allocate: Allocate): void {
    this.#messages += 1;
    const traceId = `message-${this.#messages}`;
    this.send({ type: 'request', messageId: traceId, replyTo: undefined, traceId, body: { kind: 'allocate', allocate } });
  }

  offer(offers: readonly Offer[]): Step {
    return this.send({ type: 'offers', subscription, allocationTerm: 1, offers });
  }
}

/** 1 GB of memory for each cpu. */
export interface Task {
  readonly cpus: number;
}

/** So many tasks of one size, asked for together. */
export interface TaskGroup extends Task {
  readonly count: number;
}

/** The same numbers in every run. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/**
 * Fenzo's mix (TestLotsOfTasks): of all cpus 20 % in tasks of one cpu, 40 % of half an agent, 40 % of three quarters of one,
 * the rest filled with single ones: exactly as many cpus as there are, in an order of chance.
 */
export const fenzoTasks = (agents: number): Task[] => {
  const all = agents * CPUS;
  const half = Math.floor((all * 0.4) / (CPUS / 2));
  const large = Math.floor((all * 0.4) / (CPUS * 0.75));
  const single = all - half * (CPUS / 2) - large * CPUS * 0.75;
  const tasks = [
    ...Array.from({ length: single }, () => ({ cpus: 1 })),
    ...Array.from({ length: half }, () => ({ cpus: CPUS / 2 })),
    ...Array.from({ length: large }, () => ({ cpus: CPUS * 0.75 })),
  ];
  const next = random(1);
  for (let last = tasks.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [tasks[last], tasks[other]] = [tasks[other] as Task, tasks[last] as Task];
  }
  return tasks;
};

/** The tasks in groups of ten of one size, each group at the place of its last task. */
export const inGroups = (tasks: readonly Task[], size = 10): TaskGroup[] => {
  const groups: TaskGroup[] = [];
  const open = new Map<number, number>();
  for (const { cpus } of tasks) {
    const count = (open.get(cpus) ?? 0) + 1;
    open.set(cpus, count % size);
    if (count === size) groups.push({ cpus, count });
  }
  for (const [cpus, count] of open) if (count > 0) groups.push({ cpus, count });
  return groups;
};

/** How many cpus the tasks of a step's ACCEPTs have, and how many tasks there are. */
export const launchedBy = ({ effects }: Step): { cpus: number; tasks: number } => {
  const sum = { cpus: 0, tasks: 0 };
  for (const effect of effects) {
    if (effect.type !== 'call') continue;
    for (const { launch } of effect.call.accept?.operations ?? []) {
      for (const { resources = [] } of launch?.task_infos ?? []) {
        sum.tasks += 1;
        for (const { name, scalar } of resources) if (name === 'cpus') sum.cpus += scalar?.value ?? 0;
      }
    }
  }
  return sum;
};
