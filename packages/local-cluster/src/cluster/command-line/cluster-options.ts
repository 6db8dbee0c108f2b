import type { HttpAuthentication } from '../../master/http/authentication.js';
import { OptionError, type LocalClusterOptions } from '../options.js';
import type { ClusterFlags } from './cluster-flags.js';

/** @throws OptionError in Mesos's words (master.cpp, Master::initialize) where it has them */
const authenticationOf = (flags: ClusterFlags): HttpAuthentication => {
  const { authenticateHttpFrameworks: frameworks, authenticateHttpReadonly: readonly, authenticateHttpReadwrite: readwrite } = flags;
  if (frameworks && flags.httpFrameworkAuthenticators === undefined)
    throw new OptionError(
      'Missing `--http_framework_authenticators` flag. This must be used in conjunction with `--authenticate_http_frameworks`; there is basic',
    );
  if ((frameworks || readonly || readwrite) && flags.credentials === undefined)
    throw new OptionError('--credentials: no file is given, and somebody has to authenticate; name one, or leave --authenticate_… out');
  return { frameworks, readonly, readwrite, credentials: flags.credentials ?? new Map() };
};

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without those that were not given. */
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;

export const clusterOptionsOf = (flags: ClusterFlags): LocalClusterOptions =>
  given({
    masters: flags.masters,
    agents: flags.agents,
    simulated: flags.simulated,
    ip: flags.ip,
    port: flags.port,
    zk: flags.zk,
    zkSessionTimeoutMs: flags.zkSessionTimeout,
    registry: flags.registry,
    quorum: flags.quorum,
    registryFetchTimeoutMs: flags.registryFetchTimeout,
    registryStoreTimeoutMs: flags.registryStoreTimeout,
    agentPingTimeoutMs: flags.agentPingTimeout,
    maxAgentPingTimeouts: flags.maxAgentPingTimeouts,
    agentReregisterTimeoutMs: flags.agentReregisterTimeout,
    allocationIntervalMs: flags.allocationInterval,
    offerTimeoutMs: flags.offerTimeout,
    minAllocatableResources: flags.minAllocatableResources,
    roles: flags.roles,
    rootSubmissions: flags.rootSubmissions,
    maxCompletedFrameworks: flags.maxCompletedFrameworks,
    maxCompletedTasksPerFramework: flags.maxCompletedTasksPerFramework,
    authentication: authenticationOf(flags),
    resources: flags.resources,
    attributes: flags.attributes,
    domain: flags.domain,
    hostnames: flags.hostname,
    executorEnvironment: flags.executorEnvironmentVariables,
    executorRegistrationTimeoutMs: flags.executorRegistrationTimeout,
    executorReregistrationTimeoutMs: flags.executorReregistrationTimeout,
    executorShutdownGracePeriodMs: flags.executorShutdownGracePeriod,
    recoveryTimeoutMs: flags.recoveryTimeout,
    registrationBackoffFactorMs: flags.registrationBackoffFactor,
    faultsPort: flags.faultsPort,
    workDir: flags.workDir,
  });
