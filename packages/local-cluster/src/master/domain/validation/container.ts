// What the master checks of a container (src/common/validation.cpp: validateContainerInfo, validateVolume).
import type { ContainerInfo, Volume } from '../../../generated/protocol.js';

const sourceError = ({ type, docker_volume, host_path, sandbox_path, secret, csi_volume }: Volume.Source): string | undefined => {
  switch (type) {
    case 'DOCKER_VOLUME':
      return docker_volume === undefined ? `'source.docker_volume' is not set for DOCKER_VOLUME volume` : undefined;
    case 'HOST_PATH':
      return host_path === undefined ? `'source.host_path' is not set for HOST_PATH volume` : undefined;
    case 'SANDBOX_PATH':
      return sandbox_path === undefined ? `'source.sandbox_path' is not set for SANDBOX_PATH volume` : undefined;
    case 'SECRET':
      return secret === undefined ? `'source.secret' is not set for SECRET volume` : undefined;
    case 'CSI_VOLUME':
      if (csi_volume === undefined) return `'source.csi_volume' is not set for CSI volume`;
      return csi_volume.static_provisioning === undefined ? `'source.csi_volume.static_provisioning' is not set for CSI volume` : undefined;
    default:
      return `'source.type' is unknown`;
  }
};

const volumeError = ({ host_path, image, source }: Volume): string | undefined => {
  if ([host_path, image, source].filter((one) => one !== undefined).length !== 1)
    return `Only one of them should be set: 'host_path', 'image' and 'source'`;
  return source === undefined ? undefined : sourceError(source);
};

/** Why the container is invalid, in Mesos's words; undefined when it is valid. */
export function containerError({ type, volumes = [], docker }: ContainerInfo): string | undefined {
  for (const volume of volumes) {
    const error = volumeError(volume);
    if (error !== undefined) return `Invalid volume: ${error}`;
  }
  if (type !== 'DOCKER') return undefined;
  if (docker === undefined) return `DockerInfo 'docker' is not set for DOCKER typed ContainerInfo`;
  return (docker.parameters ?? []).some(({ key }) => key === 'name') ? `Parameter in DockerInfo must not be 'name'` : undefined;
}
