import type { ContainerInfo } from '@streams-on-mesos/mesos';
import type { Quantities } from '@streams-on-mesos/messages';

/** More ports than that are in PORTS only as ranges of TaskInfo.resources: an environment has to fit into a command line. */
const MOST_IN_ENVIRONMENT = 100;

const none: readonly number[] = [];

/** The ports that a task was given, in the order in which they were asked for, up to `most` of them. */
export const givenPorts = (ranges: Quantities['port_ranges'], most = MOST_IN_ENVIRONMENT): readonly number[] => {
  if (ranges === undefined) return none;
  const ports: number[] = [];
  for (const { begin, end } of ranges) {
    for (let port = begin; port <= end && ports.length < most; port += 1) ports.push(port);
  }
  return ports;
};

/** As Marathon names them (Marathon's docs/ports.md, "Environment variables"): PORT0, PORT1, …, PORT, PORTS, and PORT_<number>. */
export const portVariables = (ports: readonly number[]): Record<string, string> => {
  const variables: Record<string, string> = {};
  for (const [index, port] of ports.entries()) {
    variables[`PORT${index}`] = String(port);
    variables[`PORT_${port}`] = String(port);
  }
  if (ports[0] === undefined) return variables;
  variables['PORT'] = String(ports[0]);
  variables['PORTS'] = ports.join(',');
  return variables;
};

/** A mapping of host port 0 gets the next port that the task was given and that no other mapping names. */
export const mapHostPorts = (container: ContainerInfo, ports: readonly number[]): ContainerInfo => {
  const lists = [container.docker?.port_mappings ?? [], ...(container.network_infos ?? []).map(({ port_mappings = [] }) => port_mappings)];
  const named = new Set(lists.flat().map(({ host_port }) => host_port));
  const free = ports.filter((port) => !named.has(port));
  const assign = <M extends { host_port: number }>(mappings: readonly M[]): M[] =>
    mappings.map((mapping) => (mapping.host_port === 0 ? { ...mapping, host_port: free.shift() ?? 0 } : mapping));
  return {
    ...container,
    ...(container.docker?.port_mappings === undefined
      ? {}
      : { docker: { ...container.docker, port_mappings: assign(container.docker.port_mappings) } }),
    ...(container.network_infos === undefined
      ? {}
      : {
          network_infos: container.network_infos.map((network) =>
            network.port_mappings === undefined ? network : { ...network, port_mappings: assign(network.port_mappings) },
          ),
        }),
  };
};
