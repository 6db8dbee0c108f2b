import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { parseMasterAddress, SchedulerClient, type Encoding, type Log } from '@streams-on-mesos/mesos';
import { wantedLaunches } from './domain/demand.js';
import type { Effect } from './domain/events.js';
import { emptyState } from './domain/state.js';
import { probe } from './health/probe.js';
import { marathonRoutes } from './http/routes.js';
import { startHttp } from './http/server.js';
import { Marathon } from './marathon.js';
import { send } from './mesos/calls.js';
import { frameworkInfoOf, role } from './mesos/framework-info.js';
import { followNotices } from './mesos/notices.js';
import { loadState, saveState, StateFileError } from './storage/state-file.js';

export interface LocalMarathonOptions {
  /** `zk://host:port,…/path`, `host:port` or `http(s)://host:port`. */
  readonly master: string;
  /** Default 8080; 0: any free port. */
  readonly port?: number | undefined;
  /** Default 127.0.0.1. Whoever reaches it runs commands on the agents. */
  readonly host?: string | undefined;
  /** Where framework id, apps and tasks are kept; without it a restart knows nothing of them. */
  readonly stateFile?: string | undefined;
  /** Default protobuf. */
  readonly encoding?: Encoding | undefined;
  /** Default `marathon`. */
  readonly frameworkName?: string | undefined;
  /** Runs the tasks of apps that name none; default: who runs this. */
  readonly user?: string | undefined;
  readonly log?: Log | undefined;
}

export interface LocalMarathon {
  readonly url: string;
  readonly port: number;
  readonly frameworkId: string | undefined;
  /** Settles when it ends: resolves after `stop()`, rejects when it can't go on. */
  readonly ended: Promise<void>;
  /** Leaves Mesos; tasks stay, for a later one with the same state file to find. */
  stop(): Promise<void>;
}

export const localMarathonVersion = '0.1.0';

/** `zk://user:password@host…` as it may be shown. */
export const withoutCredentials = (address: string): string => address.replace(/\/\/[^/]*@/, '//');

/**
 * Listens before it resolves; Mesos may come later. Throws MasterAddressError for a `master` it can't read, StateFileError for a state file,
 * and the system's error when the port is taken.
 */
export async function startLocalMarathon(options: LocalMarathonOptions): Promise<LocalMarathon> {
  const { master, host = '127.0.0.1', port = 8080, stateFile, frameworkName = 'marathon', user = userInfo().username } = options;
  const log: Log = options.log ?? (() => undefined);
  parseMasterAddress(master);
  const marathon = new Marathon((stateFile === undefined ? undefined : loadState(stateFile)) ?? emptyState(randomUUID()));
  let address = '';
  const facts = { version: localMarathonVersion, master: withoutCredentials(master), frameworkName, user, address: () => address };
  const http = await startHttp(host, port, marathonRoutes(marathon, facts), (error) =>
    log('error', 'a request failed', { error: error instanceof Error ? error.stack : String(error) }),
  );
  address = http.url.replace('http://', '');

  const client = new SchedulerClient({
    master,
    frameworkInfo: frameworkInfoOf(frameworkName, user, hostname(), http.url),
    frameworkId: marathon.state.frameworkId,
    suppressedRoles: () => (wantedLaunches(marathon.state, Date.now()).length === 0 ? [role] : []),
    encoding: options.encoding ?? 'protobuf',
    onFrameworkRemoved: 'forget',
    // One scheduler on one machine can't overrun a master that comes back.
    backoff: { maxMs: 2_000 },
    log,
  });
  const aborter = new AbortController();
  let failure: unknown;
  marathon.start({
    save: (state) => stateFile !== undefined && saveState(stateFile, state),
    perform: (effect) => void perform(effect),
    fail: (error) => {
      failure = error;
      aborter.abort();
    },
  });

  async function perform(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'log':
        return log(effect.level, effect.message, { ...effect.fields });
      case 'probe':
        return marathon.handle({
          type: 'probe-result',
          taskId: effect.taskId,
          check: effect.check,
          outcome: await probe(effect.probe),
        });
      default:
        return send(client, effect, (event) => marathon.handle(event));
    }
  }

  const stop = async (): Promise<void> => {
    marathon.stop();
    aborter.abort();
    await http.close();
  };
  const followed = followNotices(client, aborter.signal, (event) => marathon.handle(event));
  const ended = followed
    .then(() => {
      if (failure !== undefined) throw new StateFileError(`--state-file can't be written: ${String(failure)}`);
    })
    .finally(stop);
  // Whoever does not look at `ended` is not to be ended by it.
  ended.catch(() => undefined);
  return {
    url: http.url,
    port: http.port,
    get frameworkId() {
      return marathon.state.frameworkId;
    },
    ended,
    stop: async () => {
      await stop();
      await followed.catch(() => undefined);
    },
  };
}
