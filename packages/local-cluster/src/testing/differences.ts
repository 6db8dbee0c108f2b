// Every place where the local cluster is known not to do what the recorded Mesos did, and why. Ids, times and ports are no
// differences (compare.ts). A difference that is not here fails the comparison, and so does one here that no longer occurs.

export interface Difference {
  /** As `streams.1.updates.t1[0].update.status.message` or `answers[3].headers.connection`. */
  readonly path: string;
  readonly there: unknown;
  readonly here: unknown;
}

export interface KnownDifference {
  /** Of the recording's folder. */
  readonly recording: RegExp;
  readonly path: RegExp;
  readonly what: string;
  /** The line of Mesos's source that explains it. */
  readonly source: string;
  /** Seen in some runs only. */
  readonly depends?: true;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    recording: /^failover-timeout\.pb$/,
    path: /^answers\[3\]\./,
    what: 'A call right after the cut of its stream: there it overtook the news of the cut (202), here the player waits until the master knows of it (403, as in the JSON recording).',
    source: 'src/master/master.cpp, Master::failoverFramework: http.closed().onAny(defer(self(), &Self::exited, …))',
  },
  {
    recording: /^group-default-executor\.pb$/,
    path: /^streams\.1\.updates\.g[12]\[0\]\.update\.status\.container_status\.(network_infos|executor_pid)/,
    what: 'TASK_STARTING of a task in a group says as much of its container as there was of it when the agent looked: there nothing of the first and a process of the second, here always addresses without a process, as in the JSON recording.',
    source: 'src/launcher/default_executor.cpp, _launchGroup: forward(TASK_STARTING), then LAUNCH_CONTAINER; src/slave/slave.cpp, statusUpdate: containerizer->status(containerId)',
  },
  {
    recording: /./,
    path: /^streams\.\d+\.offers\.[^[]+\[([1-9]|\d\d+)\]/,
    what: 'Of the offers of one agent only the first is the same each time: what comes free is offered at once or in parts, as the cycle meets the ends of tasks.',
    source: 'src/master/allocator/mesos/hierarchical.cpp, initialize: process::loop after allocationInterval',
    depends: true,
  },
  {
    recording: /./,
    path: /^streams\.\d+\.offers\.[^[]+\.length$/,
    what: 'The number of offers of an agent, for the same reason.',
    source: 'src/master/allocator/mesos/hierarchical.cpp, initialize: process::loop after allocationInterval',
    depends: true,
  },
];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What differs, leaf by leaf. Of lists of different lengths the lengths differ, and what is in both is compared. */
export function differencesBetween(there: unknown, here: unknown, path = ''): Difference[] {
  if (Array.isArray(there) && Array.isArray(here)) {
    const lengths = there.length === here.length ? [] : [{ path: `${path}.length`, there: there.length, here: here.length }];
    const common = there.slice(0, here.length);
    return [...lengths, ...common.flatMap((one: unknown, index) => differencesBetween(one, here[index] as unknown, `${path}[${index}]`))];
  }
  if (isObject(there) && isObject(here)) {
    const keys = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    return keys.flatMap((key) => differencesBetween(there[key], here[key], path === '' ? key : `${path}.${key}`));
  }
  return Object.is(there, here) ? [] : [{ path, there, here }];
}

const explains = (recording: string, { path }: Difference, known: KnownDifference): boolean =>
  known.recording.test(recording) && known.path.test(path);

export const unexplained = (recording: string, differences: readonly Difference[]): readonly Difference[] =>
  differences.filter((difference) => !knownDifferences.some((known) => explains(recording, difference, known)));

/** Listed, but in none of these. */
export const obsolete = (found: ReadonlyMap<string, readonly Difference[]>): readonly string[] =>
  knownDifferences
    .filter(({ depends }) => depends !== true)
    .filter((known) => ![...found].some(([recording, differences]) => differences.some((one) => explains(recording, one, known))))
    .map(({ what }) => what);
