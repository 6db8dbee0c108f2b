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
    source:
      'src/launcher/default_executor.cpp, _launchGroup: forward(TASK_STARTING), then LAUNCH_CONTAINER; src/slave/slave.cpp, statusUpdate: containerizer->status(containerId)',
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

/** The same of the operators' endpoints (master/http/operator-recording.test.ts). */
export interface KnownOperatorDifference {
  /** Of the endpoint or call. */
  readonly what: RegExp;
  readonly path: RegExp;
  readonly why: string;
  /** The line of Mesos's source that explains it. */
  readonly source: string;
}

const EVERY = /./;

export const knownOperatorDifferences: readonly KnownOperatorDifference[] = [
  {
    what: EVERY,
    path: /(^|\.)(build_date|build_time)$/,
    why: 'Another build.',
    source: 'src/common/build.cpp: DATE, TIME',
  },
  {
    what: EVERY,
    path: /(^|\.)(flags\.)?cluster$/,
    why: 'The recorded master had a --cluster, which is a name to show.',
    source: 'src/master/readonly_handler.cpp, state: if (master->flags.cluster.isSome())',
  },
  {
    what: EVERY,
    path: /(^|\.)flags\.(agent_ping_timeout|max_agent_ping_timeouts|allocation_interval|port)$/,
    why: 'Started with other values.',
    source: 'src/master/http.cpp, __flags',
  },
  {
    what: EVERY,
    path: /(^|\.)flags\.(webui_dir|work_dir)$/,
    why: 'There is neither a directory of its pages nor one of its registry.',
    source: 'src/master/flags.cpp: webui_dir, work_dir',
  },
  {
    what: /^\/metrics\/snapshot$/,
    path: /^body\.allocator\/mesos\/(allocation_run|quota\/|roles\/)|^body\.registrar\/(registry_size|state_)|^body\.system\//,
    why: 'How long its parts take, and figures of parts that the local cluster has not; the machine is another one.',
    source: 'src/master/allocator/mesos/metrics.cpp; src/master/registrar.cpp, Metrics',
  },
  {
    what: /^\/metrics\/snapshot$/,
    path: /^body\.master\/(messages_|valid_|slave_|task_|tasks_(dropped|error|failed|finished|killed)|uptime_secs|event_queue)|^body\.allocator\/(mesos\/)?event_queue/,
    why: 'Counted since the master began: the recorded one had seen other frameworks before. Its queues are looked at while it works.',
    source: 'src/master/metrics.cpp, Metrics::Metrics',
  },
];
