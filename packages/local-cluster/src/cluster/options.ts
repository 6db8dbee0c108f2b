import type { Attribute } from '../generated/protocol.js';
import { defaultMasterSettings } from '../master/domain/master-state.js';
import { parseAttributes, parseResources } from '../resources/resources-text.js';
import type { Resources } from '../resources/resources.js';
import { defaultRetryIntervals, type RetryIntervals } from '../agent/update-stream.js';

export interface LocalClusterOptions {
  /** Default 3. */
  readonly agents?: number;
  /** Address to listen on, loopback unless the operator says otherwise. Default 127.0.0.1. */
  readonly ip?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** zk://host:port[,…]/path to stand for election at; absent: the master leads from the start. */
  readonly zk?: string | undefined;
  /** Where sandboxes are made. */
  readonly workDir: string;
  /** Of each agent, in Mesos's syntax; ports are shared out when it names none. */
  readonly resources?: string;
  /** Of each agent, in Mesos's syntax; or one text for each agent. */
  readonly attributes?: string | readonly string[];
  /** Hostnames of the agents; default 127.0.0.11, 127.0.0.12 and so on. */
  readonly hostnames?: readonly string[];
  /** What tasks find in their environment besides what Mesos sets. */
  readonly executorEnvironment?: Readonly<Record<string, string>>;
  readonly heartbeatIntervalSeconds?: number;
  readonly allocationIntervalMs?: number;
  /** How soon an agent sends an unacknowledged update again. */
  readonly retryIntervals?: RetryIntervals;
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Enough for untagged Streams requests (2 cores, 4 GB), whatever the host has. */
const DEFAULT_RESOURCES = 'cpus:8;mem:16384;disk:102400';
const FIRST_PORT = 31_000;
const PORTS_AN_AGENT = 500;
const FIRST_HOST = 11;
const MOST_AGENTS = 60;

export interface AgentPlan {
  readonly hostname: string;
  readonly resources: Resources;
  readonly attributes: Attribute[];
}

const portsOf = (index: number): string =>
  `ports:[${FIRST_PORT + index * PORTS_AN_AGENT}-${FIRST_PORT + (index + 1) * PORTS_AN_AGENT - 1}]`;

/** @throws ResourceTextError, RangeError naming what is wrong */
export const planAgents = ({
  agents = 3,
  resources = DEFAULT_RESOURCES,
  attributes = '',
  hostnames = [],
}: LocalClusterOptions): AgentPlan[] => {
  if (!Number.isInteger(agents) || agents < 0 || agents > MOST_AGENTS)
    throw new RangeError(`agents: ${agents} is not a whole number from 0 to ${MOST_AGENTS}`);
  const namesPorts = parseResources(resources).some(({ name }) => name === 'ports');
  return Array.from({ length: agents }, (_, index) => ({
    hostname: hostnames[index] ?? `127.0.0.${FIRST_HOST + index}`,
    // The agents share this machine, so they must not offer the same ports.
    resources: parseResources(namesPorts ? resources : `${resources};${portsOf(index)}`),
    attributes: parseAttributes(typeof attributes === 'string' ? attributes : (attributes[index] ?? '')),
  }));
};

export const masterSettingsOf = ({ heartbeatIntervalSeconds, allocationIntervalMs }: LocalClusterOptions) => ({
  ...defaultMasterSettings,
  ...(heartbeatIntervalSeconds === undefined ? {} : { heartbeatIntervalSeconds }),
  ...(allocationIntervalMs === undefined ? {} : { allocationIntervalMs }),
});

export const retryIntervalsOf = ({ retryIntervals }: LocalClusterOptions): RetryIntervals => retryIntervals ?? defaultRetryIntervals;
