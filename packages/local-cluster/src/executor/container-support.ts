// What containers can't be had on an agent with its defaults: no image providers, no networks, the posix isolators (containerizer.cpp,
// create; provisioner.cpp, provision; isolators/filesystem/posix.cpp and isolators/network/cni/cni.cpp, prepare).
import type { ContainerInfo } from '../generated/protocol.js';

const imageError = ({ mesos }: ContainerInfo): string | undefined =>
  mesos?.image === undefined ? undefined : `Unsupported container image type: ${mesos.image.type}`;

const networkError = ({ network_infos = [] }: ContainerInfo): string | undefined => {
  const name = network_infos.find((network) => network.name !== undefined)?.name;
  return name === undefined ? undefined : `Unknown CNI network '${name}'`;
};

/** Of an executor's container. */
export const containerError = (container: ContainerInfo): string | undefined =>
  imageError(container) ??
  ((container.volumes ?? []).length > 0 ? 'Volumes in ContainerInfo is not supported' : undefined) ??
  networkError(container);

/** Of a container nested in an executor's: nobody looks at its volumes. */
export const nestedContainerError = (container: ContainerInfo): string | undefined =>
  container.type === 'MESOS' ? (imageError(container) ?? networkError(container)) : 'The provided ContainerInfo is not supported';
