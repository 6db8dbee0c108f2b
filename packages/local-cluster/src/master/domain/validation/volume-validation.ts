// What the master checks of operations on volumes and disks (src/master/validation.cpp, namespace operation). The agents here have
// neither resource providers nor persistent volumes, so that all are refused in the end: CREATE alone where Mesos would do it.
import type { Offer, Resource } from '../../../generated/protocol.js';
import { toMilli } from '../../../resources/quantity.js';
import { resourceError } from '../../../resources/resource-validation.js';
import { add, fromWire } from '../../../resources/resources.js';
import { formatWire, listError, severalProvidersError } from './resource-lists.js';

const notPersistentError = (volumes: readonly Resource[]): string | undefined => {
  for (const volume of volumes) {
    const { disk } = volume;
    if (disk === undefined) return `Resource ${formatWire(volume)} does not have DiskInfo`;
    if (disk.persistence === undefined) return `'persistence' is not set in DiskInfo`;
    if (disk.volume === undefined) return `Expecting 'volume' to be set for persistent volume`;
    if (disk.volume.mode === 'RO') return 'Read-only persistent volume not supported';
  }
  return undefined;
};

const volumesError = (volumes: readonly Resource[]): string | undefined => {
  const invalid = listError(volumes) ?? severalProvidersError(volumes);
  if (invalid !== undefined) return `Invalid resources: ${invalid}`;
  const problem = notPersistentError(volumes);
  return problem === undefined ? undefined : `Not a persistent volume: ${problem}`;
};

export const createError = ({ volumes = [] }: Offer.Operation.Create): string =>
  volumesError(volumes) ?? 'The local cluster does not make persistent volumes';

export const destroyError = ({ volumes = [] }: Offer.Operation.Destroy): string => volumesError(volumes) ?? 'Persistent volumes not found';

/** The disk that the volume is made of. */
const stripped = ({ disk, ...rest }: Resource): Resource =>
  disk?.source === undefined ? rest : { ...rest, disk: { source: disk.source } };

/** undefined: as valid as can be, so that nothing is missing but the volume. */
export function growVolumeError({ volume, addition }: Offer.Operation.GrowVolume): string | undefined {
  const invalid = resourceError(volume);
  if (invalid !== undefined) return `Invalid resource in the 'GrowVolume.volume' field: ${invalid}`;
  const invalidAddition = resourceError(addition);
  if (invalidAddition !== undefined) return `Invalid resource in the 'GrowVolume.addition' field: ${invalidAddition}`;
  if (toMilli(addition.scalar?.value ?? 0) <= 0) return `The size of 'GrowVolume.addition' field must be greater than zero`;
  if (volume.provider_id !== undefined) return 'Growing a volume from a resource provider is not supported';
  const problem = notPersistentError([volume]);
  if (problem !== undefined) return `Invalid persistent volume in the 'GrowVolume.volume' field: ${problem}`;
  if (volume.shared !== undefined) return 'Growing a shared persistent volume is not supported';
  return add(fromWire([stripped(volume)]), fromWire([addition])).length === 1
    ? undefined
    : `Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields`;
}

/** undefined: as valid as can be, so that nothing is missing but the volume. */
export function shrinkVolumeError({ volume, subtract }: Offer.Operation.ShrinkVolume): string | undefined {
  const invalid = resourceError(volume);
  if (invalid !== undefined) return `Invalid resource in the 'ShrinkVolume.volume' field: ${invalid}`;
  const milli = toMilli(subtract.value);
  if (milli <= 0) return `Value of 'ShrinkVolume.subtract' must be greater than zero`;
  if (toMilli(volume.scalar?.value ?? 0) <= milli)
    return `Value of 'ShrinkVolume.subtract' must be smaller than the size of 'ShrinkVolume.volume'`;
  if (volume.provider_id !== undefined) return 'Shrinking a volume from a resource provider is not supported';
  if (volume.disk?.source?.type === 'MOUNT') return 'Shrinking a volume on a MOUNT disk is not supported';
  const problem = notPersistentError([volume]);
  if (problem !== undefined) return `Invalid persistent volume in the 'ShrinkVolume.volume' field: ${problem}`;
  return volume.shared === undefined ? undefined : 'Shrinking a shared persistent volume is not supported';
}

/** CREATE_DISK and DESTROY_DISK: undefined only with a source that no agent here has. */
export function diskSourceError(source: Resource): string | undefined {
  const invalid = listError([source]);
  if (invalid !== undefined) return `Invalid resource: ${invalid}`;
  return source.provider_id === undefined ? `'source' is not managed by a resource provider` : undefined;
}
