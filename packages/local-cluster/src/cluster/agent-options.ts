// What the options say of the agents.
import type { Attribute, DomainInfo } from '../generated/protocol.js';
import { parseAttributes } from '../resources/attributes-text.js';
import { parseResources } from '../resources/resources-text.js';
import type { Resources } from '../resources/resources.js';
import { MOST_SIMULATED_AGENTS, simulatedPlace } from '../simulation/simulation.js';
import { OptionError, type LocalClusterOptions } from './options.js';

/** Enough for untagged Streams requests (2 cores, 4 GB), whatever the host has. */
const DEFAULT_RESOURCES = 'cpus:8;mem:16384;disk:102400';
const FIRST_PORT = 31_000;
const PORTS_AN_AGENT = 500;
const FIRST_HOST = 11;
const FIRST_AGENT_PORT = 5051;
const MOST_AGENTS = 60;

export interface AgentPlan {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  readonly resources: Resources;
  readonly attributes: Attribute[];
  readonly domain: DomainInfo | undefined;
}

const portsOf = (index: number): string =>
  `ports:[${FIRST_PORT + index * PORTS_AN_AGENT}-${FIRST_PORT + (index + 1) * PORTS_AN_AGENT - 1}]`;

interface Place {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  readonly ports: string;
}

/** Agents that share this machine must not offer the same ports. */
const placeOf = (index: number, simulated: boolean, hostname: string | undefined): Place => {
  if (simulated) return { ...simulatedPlace(index), ...(hostname && { hostname }), port: FIRST_AGENT_PORT, ports: portsOf(0) };
  const name = hostname ?? `127.0.0.${FIRST_HOST + index}`;
  return { hostname: name, ip: name, port: FIRST_AGENT_PORT + index, ports: portsOf(index) };
};

/** One text holds for all agents, several are one for each. @throws OptionError */
const ofAgent = (flag: string, given: string | readonly string[], index: number, agents: number): string => {
  if (typeof given === 'string') return given;
  if (given.length !== 1 && given.length !== agents)
    throw new OptionError(`--${flag}: given ${given.length} times for ${agents} agents; give it once for all or once for each`);
  return given[given.length === 1 ? 0 : index] ?? '';
};

/** @throws OptionError saying which flag's text is wrong */
const parsed = <T>(flag: string, text: string, parse: (text: string) => T): T => {
  try {
    return parse(text);
  } catch (error) {
    throw new OptionError(`--${flag}: '${text}' cannot be understood: ${(error as Error).message}`);
  }
};

const parseDomain = (text: string): DomainInfo | undefined => {
  if (text === '') return undefined;
  const domain = JSON.parse(text) as DomainInfo | null;
  const { region, zone } = domain?.fault_domain ?? {};
  if (domain === null || typeof region?.name !== 'string' || typeof zone?.name !== 'string')
    throw new Error('expected as in {"fault_domain":{"region":{"name":"a"},"zone":{"name":"b"}}}');
  return domain;
};

/** @throws OptionError */
export const planAgents = ({
  agents = 3,
  simulated = false,
  resources = DEFAULT_RESOURCES,
  attributes = '',
  domain = '',
  hostnames = [],
}: LocalClusterOptions): AgentPlan[] => {
  const most = simulated ? MOST_SIMULATED_AGENTS : MOST_AGENTS;
  if (!Number.isInteger(agents) || agents < 0 || agents > most)
    throw new OptionError(`--agents: ${agents} is not a whole number from 0 to ${most}${simulated ? '' : '; more can be --simulated'}`);
  return Array.from({ length: agents }, (_, index) => {
    const own = ofAgent('resources', resources, index, agents);
    const given = parsed('resources', own, parseResources);
    const { ports, ...place } = placeOf(index, simulated, hostnames[index]);
    return {
      ...place,
      resources: given.some(({ name }) => name === 'ports') ? given : [...given, ...parseResources(ports)],
      attributes: parsed('attributes', ofAgent('attributes', attributes, index, agents), parseAttributes),
      domain: parsed('domain', ofAgent('domain', domain, index, agents), parseDomain),
    };
  });
};
