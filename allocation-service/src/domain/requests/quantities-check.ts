import type { Quantities } from '@streams-on-mesos/messages';
import { MAX_QUANTITY, quantityFault } from '../scaling/scaling-config.js';
import { countFault, fault, firstFault, wholeNumberFault, type Fault } from './fault.js';

const MAX_GPUS = 1_000;
const MAX_PORTS = 1_000;
const MAX_PORT_RANGES = 100;
const LAST_PORT = 65_535;

const diskFault = (disk: number | undefined): Fault | undefined =>
  disk === undefined || (disk >= 0 && disk <= MAX_QUANTITY)
    ? undefined
    : fault('each.disk', disk, `give a number of MB from 0 to ${MAX_QUANTITY}`);

const rangeFault = ({ begin, end }: Quantities.PortRange, index: number): Fault | undefined => {
  const field = `each.port_ranges[${index}]`;
  const bounds = wholeNumberFault(`${field}.begin`, begin, 1, LAST_PORT) ?? wholeNumberFault(`${field}.end`, end, 1, LAST_PORT);
  return bounds ?? (begin <= end ? undefined : fault(`${field}.end`, end, `give ${begin} or more, which is where the range begins`));
};

const overlapFault = (ranges: readonly Quantities.PortRange[] = []): Fault | undefined => {
  const sorted = [...ranges].sort((a, b) => a.begin - b.begin);
  const index = sorted.findIndex(({ end }, at) => end >= (sorted[at + 1]?.begin ?? Infinity));
  return index < 0 ? undefined : fault('each.port_ranges', sorted.slice(index, index + 2), 'name each port once');
};

/** Why a resource can't be of that size; undefined: it can. */
export const quantitiesFault = (each: Quantities): Fault | undefined =>
  quantityFault('each.cpus', each.cpus) ??
  quantityFault('each.mem', each.mem) ??
  diskFault(each.disk) ??
  // A task gets whole ones only (Mesos, src/common/validation.cpp, validateGpus).
  wholeNumberFault('each.gpus', each.gpus, 0, MAX_GPUS) ??
  wholeNumberFault('each.ports', each.ports, 0, MAX_PORTS) ??
  countFault('each.port_ranges', each.port_ranges, MAX_PORT_RANGES) ??
  firstFault(each.port_ranges, rangeFault) ??
  overlapFault(each.port_ranges);
