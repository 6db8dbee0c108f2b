import { fromMilli, toMilli } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';
import type { State } from '../model.js';
import type { Candidate } from './candidate.js';
import { scalarNames, type ScalarName } from './need.js';

/** How much of each quantity; scalars in thousandths, ports counted. */
export type Amounts = Record<ScalarName | 'ports', number>;

export const amountNames = [...scalarNames, 'ports'] as const;

export const addAmounts = (a: Amounts, b: Amounts): Amounts => ({
  cpus: a.cpus + b.cpus,
  mem: a.mem + b.mem,
  disk: a.disk + b.disk,
  gpus: a.gpus + b.gpus,
  ports: a.ports + b.ports,
});

/** Firm and revocable together. */
export const amountsLeft = ({ firm, revocable }: Candidate): Amounts => {
  const { cpus, mem, disk, gpus, ports } = firm;
  const left = { cpus, mem, disk, gpus, ports };
  return revocable === undefined ? left : addAmounts(left, revocable);
};

/** What its offers had when they came, firm and revocable together. */
export const amountsOffered = ({ firm, revocable }: Candidate): Amounts =>
  revocable === undefined ? firm.offered : addAmounts(firm.offered, revocable.offered);

const amountsOf = ({ cpus, mem, disk = 0, gpus = 0, port_ranges: ranges = [] }: Quantities): Amounts => ({
  cpus: toMilli(cpus),
  mem: toMilli(mem),
  disk: toMilli(disk),
  gpus: toMilli(gpus),
  ports: ranges.reduce((count, { begin, end }) => count + end - begin + 1, 0),
});

/** As quantities; `ports` counts them. */
export const quantitiesOf = ({ cpus, mem, disk, gpus, ports }: Amounts): Quantities => ({
  cpus: fromMilli(cpus),
  mem: fromMilli(mem),
  disk: fromMilli(disk),
  gpus: fromMilli(gpus),
  ports,
});

/** What this framework's tasks have of an agent, undefined: nothing. Tasks that were given up no longer count. */
export const amountsInUse = (state: State, agentId: string): Amounts | undefined => {
  let used: Amounts | undefined;
  for (const task of state.tasksByAgent.get(agentId) ?? []) {
    const resource = state.resources.get(task.resourceId);
    if (resource?.task !== task || resource.placement === undefined) continue;
    const amounts = amountsOf(resource.placement.quantities);
    used = used === undefined ? amounts : addAmounts(used, amounts);
  }
  return used;
};
