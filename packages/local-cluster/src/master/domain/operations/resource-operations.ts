// Operations of ACCEPT that launch nothing (master.cpp, _accept). Done are RESERVE and UNRESERVE; the others need volumes or
// resource providers, which no agent here has, and are refused as Mesos refuses what is not there.
import type { Offer, Resource } from '../../../generated/protocol.js';
import { allocated, allocatedFromWire, containsAllocated, formatAllocated } from '../../../resources/allocated.js';
import type { Turn } from '../turn.js';
import { reserveError, unreserveError } from '../validation/operation-validation.js';
import { createError, destroyError, diskSourceError, growVolumeError, shrinkVolumeError } from '../validation/volume-validation.js';
import { convert } from '../../../resources/conversions.js';
import type { Accepted } from './launch.js';
import { applyOperation } from './operations.js';
import { refuseOperation } from './refusals.js';

const validationError = (operation: Offer.Operation, { framework }: Accepted): string | undefined => {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume, create_disk, destroy_disk } = operation;
  if (reserve !== undefined) return reserveError(reserve, { principal: framework.info.principal, roles: framework.roles });
  if (unreserve !== undefined) return unreserveError(unreserve);
  if (create !== undefined) return createError(create);
  if (destroy !== undefined) return destroyError(destroy);
  if (grow_volume !== undefined) return growVolumeError(grow_volume);
  if (shrink_volume !== undefined) return shrinkVolumeError(shrink_volume);
  const source = (create_disk ?? destroy_disk)?.source;
  return source === undefined ? 'Unknown offer operation' : diskSourceError(source);
};

/** What it wants of the offers, if that is something that no offer here has. */
const impossible = ({ grow_volume, shrink_volume, create_disk, destroy_disk }: Offer.Operation): Resource[] | undefined => {
  if (grow_volume !== undefined) return [grow_volume.volume, grow_volume.addition];
  if (shrink_volume !== undefined) return [shrink_volume.volume];
  const source = (create_disk ?? destroy_disk)?.source;
  return source === undefined ? undefined : [source];
};

const missingError = ({ type = 'UNKNOWN' }: Offer.Operation, wanted: readonly Resource[], { role, remaining }: Accepted): string => {
  const [present, consumed] = [allocated(role, remaining), allocatedFromWire(wanted)];
  if (containsAllocated(present, consumed)) return `The local cluster does not know ${type} operations`;
  const what = type.endsWith('_VOLUME') ? 'operation' : 'Operation';
  return `Invalid ${type} ${what}: ${formatAllocated(present)} does not contain ${formatAllocated(consumed)}`;
};

/** An operation that `normalized` made. */
export function resourceOperation(accepted: Accepted, operation: Offer.Operation, turn: Turn): void {
  const { master, framework, agent, role } = accepted;
  const error = validationError(operation, accepted);
  if (error !== undefined) {
    const place = `${agent.id} at ${agent.pid} (${agent.info.hostname})`;
    return refuseOperation(framework, operation, `${error}; on agent ${place}`, turn);
  }
  const wanted = impossible(operation);
  if (wanted !== undefined) return refuseOperation(framework, operation, missingError(operation, wanted, accepted), turn);
  const converted = convert(accepted.remaining, role, operation);
  if ('error' in converted) return refuseOperation(framework, operation, converted.error, turn);
  accepted.remaining = converted.resources;
  applyOperation(master, agent, framework, operation, turn);
}
