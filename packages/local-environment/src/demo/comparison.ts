import { readFileSync } from 'node:fs';
import type { Addresses } from '../addresses.js';
import type { Environment } from '../environment.js';
import { processesOfRun } from '../processes.js';
import { until, WaitTimeout } from '../wait.js';
import type { ServiceFinder } from './services.js';

/** How many of each there shall be. */
export interface Expectation {
  readonly nodes: number;
  readonly resources: number;
  readonly services: number;
}

interface Witnesses {
  readonly environment: Environment;
  readonly addresses: Addresses;
  readonly finder: ServiceFinder;
  readonly signal: AbortSignal;
}

type Counts = Expectation;
type Row = [string, number, number, number, number];

const getJson = async <T>(url: string, signal: AbortSignal): Promise<T> => {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return (await response.json()) as T;
};

interface ResourceView {
  readonly owner: string;
  readonly state: string;
  readonly request_state: string;
}

const servicesSay = async ({ finder, signal }: Witnesses): Promise<Counts> => {
  const allocation = await finder.allocation();
  const runtime = await getJson<{ num_of_live_node: number }>(`${allocation}/api/v1/config/runtime`, signal);
  const { resources } = await getJson<{ resources: ResourceView[] }>(`${allocation}/api/v1/resources?limit=1000`, signal);
  const named = await Promise.all(['offer-service', 'allocation-service', 'streams-bridge'].map((service) => finder.runningTasks(service)));
  return {
    nodes: runtime.num_of_live_node,
    resources: resources.filter(({ owner, state }) => owner !== 'scaling' && state === 'RUNNING').length,
    services: named.flat().length,
  };
};

interface MesosState {
  readonly frameworks: readonly { readonly name: string; readonly tasks: readonly { readonly id: string; readonly state: string }[] }[];
}

const mesosSays = async ({ addresses, signal }: Witnesses): Promise<Counts> => {
  const state = await getJson<MesosState>(`${addresses.mesosUrl}/master/state`, signal);
  return countTasks(state.frameworks.flatMap(({ tasks }) => tasks.filter((task) => task.state === 'TASK_RUNNING').map(({ id }) => id)));
};

/** Living tasks by what the command executor put into their environment (its own id is the task's): nobody's word for it but the kernel's. */
const processesSay = ({ environment }: Witnesses): Counts => {
  const tasks = processesOfRun(environment.run.path).flatMap(({ pid }) => {
    try {
      const variable = readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .find((entry) => entry.startsWith('MESOS_EXECUTOR_ID='));
      return variable === undefined ? [] : [variable.slice('MESOS_EXECUTOR_ID='.length)];
    } catch {
      return [];
    }
  });
  return countTasks([...new Set(tasks)]);
};

const countTasks = (ids: readonly string[]): Counts => {
  const startingWith = (prefix: string) => ids.filter((id) => id.startsWith(prefix)).length;
  return { nodes: startingWith('node_'), resources: startingWith('streams_'), services: startingWith('streams-on-mesos_') };
};

const compare = async (witnesses: Witnesses, wanted: Expectation): Promise<{ rows: Row[]; agreed: boolean }> => {
  const said = [await servicesSay(witnesses), await mesosSays(witnesses), processesSay(witnesses)] as const;
  const row = (label: string, kind: keyof Counts): Row => [label, wanted[kind], said[0][kind], said[1][kind], said[2][kind]];
  const rows = [row('scaled nodes', 'nodes'), row('Streams resources', 'resources'), row('services', 'services')];
  return { rows, agreed: rows.every(([, ...numbers]) => new Set(numbers).size === 1) };
};

/** Asks all three until they agree with what is wanted and each other, or 15 s are over: a KILL takes a moment to reach its process. */
export const compareUntilAgreed = async (witnesses: Witnesses, wanted: Expectation): Promise<{ rows: Row[]; agreed: boolean }> => {
  let last: { rows: Row[]; agreed: boolean } | undefined;
  try {
    return await until(
      'agreement',
      15_000,
      async () => {
        last = await compare(witnesses, wanted);
        return last.agreed ? last : undefined;
      },
      100,
      witnesses.signal,
    );
  } catch (error) {
    if (!(error instanceof WaitTimeout) || last === undefined) throw error;
    return last;
  }
};
