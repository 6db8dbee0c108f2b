import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { JournalObserver } from './zookeeper/journal.js';

/** What is counted anew at each scrape. */
export interface StateCounts {
  readonly resourcesByState: ReadonlyMap<string, number>;
  readonly waitingRequests: number;
  readonly maintainedAgents: number;
}

export interface AllocationMetrics {
  readonly journal: JournalObserver;
  stepped(event: string, seconds: number): void;
  leading(term: number): void;
  standby(): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** `counts` is undefined while this instance does not lead. */
export const allocationMetrics = (registry: Registry, counts: () => StateCounts | undefined): AllocationMetrics => {
  const registers = [registry];
  const entries = new Counter({ name: 'allocation_journal_entries_total', help: 'Journal entries written to ZooKeeper', registers });
  const bytes = new Counter({ name: 'allocation_journal_bytes_total', help: 'Bytes of journal entries written to ZooKeeper', registers });
  const commit = new Histogram({
    name: 'allocation_journal_commit_seconds',
    help: 'Time until the steps of one group commit were durable',
    buckets: SECONDS,
    registers,
  });
  const snapshot = new Gauge({ name: 'allocation_snapshot_bytes', help: 'Size of the last snapshot that this instance wrote', registers });
  const steps = new Histogram({
    name: 'allocation_step_seconds',
    help: 'Time to decide on one event, by its type',
    labelNames: ['event'],
    buckets: [0.0001, ...SECONDS],
    registers,
  });
  const term = new Gauge({ name: 'allocation_leader_term', help: 'Term in which this instance leads, -1 when it does not', registers });
  term.set(-1);
  new Gauge({
    name: 'allocation_resources',
    help: 'Resources that the leader knows, by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const [state, count] of counts()?.resourcesByState ?? []) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'allocation_requests_waiting',
    help: 'Requests of which a resource waits for an offer',
    registers,
    collect() {
      this.set(counts()?.waitingRequests ?? 0);
    },
  });

  new Gauge({
    name: 'allocation_agents_in_maintenance',
    help: 'Agents whose maintenance Mesos has announced',
    registers,
    collect() {
      this.set(counts()?.maintainedAgents ?? 0);
    },
  });

  return {
    journal: {
      committed: (group) => {
        entries.inc(group.nodes);
        bytes.inc(group.bytes);
        commit.observe(group.seconds);
      },
      snapshotWritten: (size) => snapshot.set(size),
    },
    stepped: (event, seconds) => steps.observe({ event }, seconds),
    leading: (number) => term.set(number),
    standby: () => term.set(-1),
  };
};
