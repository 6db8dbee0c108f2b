// Every place where an operators' endpoint of the local cluster is known not to answer as the recorded Mesos did, and why.
// Ids, times and ports are no differences (compare.ts).

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
