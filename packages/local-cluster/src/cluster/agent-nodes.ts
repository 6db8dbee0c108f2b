// The agents of a local cluster: their machines are this one and their executors real processes, unless they are simulated.
import { join } from 'node:path';
import { AgentNode } from '../agent/agent-node.js';
import type { AgentServer } from '../agent/http/agent-server.js';
import { FileRecords } from '../agent/checkpoint/file-records.js';
import { MemoryRecords } from '../agent/checkpoint/record-tree.js';
import type { StartExecutor } from '../agent/machine.js';
import { defaultRetryIntervals } from '../agent/update-stream.js';
import { defaultExecutorTimeouts } from '../executor/executor.js';
import { Fetcher } from '../executor/fetcher/fetcher.js';
import type { OrphanReaper } from '../executor/orphan-reaper.js';
import { startExecutor } from '../executor/start-executor.js';
import type { LeaderBoard } from '../network/leader-board.js';
import type { Network } from '../network/network.js';
import { simulatedExecutors } from '../simulation/simulation.js';
import type { AgentPlan } from './agent-options.js';
import type { LocalClusterOptions } from './options.js';

const REGISTRATION_BACKOFF_FACTOR_MS = 1_000;
/** slave/constants.hpp, EXECUTOR_REREGISTRATION_TIMEOUT */
const EXECUTOR_REREGISTRATION_TIMEOUT_MS = 2_000;

export interface AgentSurroundings {
  readonly workDir: string;
  readonly network: Network;
  readonly leaders: LeaderBoard;
  readonly reaper: OrphanReaper;
  /** One for each plan, or none at all. */
  readonly servers: readonly AgentServer[];
}

/** Of one process of the agent: its fetcher's cache begins empty (src/slave/containerizer/fetcher.cpp, Fetcher::Fetcher). */
const executorStarter = (
  options: LocalClusterOptions,
  place: string,
  { workDir, reaper }: Pick<AgentSurroundings, 'workDir' | 'reaper'>,
): StartExecutor => {
  const fetcher = new Fetcher(join(workDir, 'fetch', place));
  const {
    executorEnvironment = {},
    executorRegistrationTimeoutMs: registrationTimeoutMs = defaultExecutorTimeouts.registrationTimeoutMs,
    recoveryTimeoutMs = defaultExecutorTimeouts.recoveryTimeoutMs,
    executorShutdownGracePeriodMs: shutdownGraceMs = defaultExecutorTimeouts.shutdownGraceMs,
  } = options;
  return (by, start) =>
    startExecutor(
      { ...by, workDir, executorEnvironment, reaper, fetcher, registrationTimeoutMs, recoveryTimeoutMs, shutdownGraceMs },
      start,
    );
};

export const newAgentNodes = (
  plans: readonly AgentPlan[],
  options: LocalClusterOptions,
  { workDir, network, leaders, reaper, servers }: AgentSurroundings,
): AgentNode[] => {
  const simulated = options.simulated === true ? simulatedExecutors(options.recoveryTimeoutMs) : undefined;
  return plans.map((plan, index) => {
    const server = servers[index];
    const info = server === undefined ? plan : { ...plan, ip: server.ip, port: server.port };
    const place = `${info.hostname}-${info.port}`;
    return new AgentNode({
      info,
      network,
      leaders,
      server,
      workDir,
      newStarter: () => simulated ?? executorStarter(options, place, { workDir, reaper }),
      records: simulated === undefined ? new FileRecords(join(workDir, 'meta', place)) : new MemoryRecords(),
      retryIntervals: options.retryIntervals ?? defaultRetryIntervals,
      registrationBackoffFactorMs: options.registrationBackoffFactorMs ?? REGISTRATION_BACKOFF_FACTOR_MS,
      executorReregistrationTimeoutMs: options.executorReregistrationTimeoutMs ?? EXECUTOR_REREGISTRATION_TIMEOUT_MS,
    });
  });
};
