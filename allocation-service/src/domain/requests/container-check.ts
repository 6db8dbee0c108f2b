import type { ContainerInfo, Volume } from '@streams-on-mesos/mesos';
import { countFault, fault, firstFault, textFault, type Fault } from './fault.js';

// Mesos, src/common/validation.cpp, validateContainerInfo and validateVolume: what it would answer with TASK_ERROR is refused here.

const MAX_VOLUMES = 100;
const MAX_PATH_LENGTH = 4_096;
const FIELD = 'workload.container';

const volumeFault = (volume: Volume, index: number): Fault | undefined => {
  const field = `${FIELD}.volumes[${index}]`;
  const sources = [volume.host_path, volume.image, volume.source].filter((source) => source !== undefined);
  if (sources.length !== 1) return { field, message: `${field} has ${sources.length} of host_path, image and source: give one of them` };
  return textFault(`${field}.container_path`, volume.container_path, MAX_PATH_LENGTH);
};

/** Why Mesos would not start such a container; undefined: it would. */
export const containerFault = (container: ContainerInfo): Fault | undefined => {
  const { type, docker, mesos, volumes } = container;
  if (type !== 'DOCKER' && type !== 'MESOS') return fault(`${FIELD}.type`, type, 'give DOCKER or MESOS');
  if (type === 'DOCKER' && docker === undefined) return { field: `${FIELD}.docker`, message: `${FIELD}.docker is missing: give its image` };
  if (type === 'DOCKER' && mesos !== undefined)
    return { field: `${FIELD}.mesos`, message: `${FIELD}.mesos is set: leave it out, the type is DOCKER` };
  if (type === 'MESOS' && docker !== undefined) {
    return { field: `${FIELD}.docker`, message: `${FIELD}.docker is set: leave it out, the type is MESOS` };
  }
  if (docker?.parameters?.some(({ key }) => key === 'name') === true) {
    return {
      field: `${FIELD}.docker.parameters`,
      message: `${FIELD}.docker.parameters has the key name: leave it out, Mesos names the container`,
    };
  }
  return countFault(`${FIELD}.volumes`, volumes, MAX_VOLUMES) ?? firstFault(volumes, volumeFault);
};
