/** How many scaled nodes are wanted and how big each is; the tutorial's names. */
export interface ScalingConfig {
  readonly num_of_node: number;
  readonly general_config?:
    | {
        /** cpus of each node, 0: all that an offer has. */
        readonly cpu_of_node?: number | undefined;
        /** MB of memory of each node, 0: all that an offer has. */
        readonly mem_of_node?: number | undefined;
      }
    | undefined;
  /** How many there are of each counted licence; without it the pools stay as they are. */
  readonly licences?: Readonly<Record<string, number>> | undefined;
}

/** What is wrong with a value that should be a scaling config. */
export interface ConfigFault {
  readonly field: string;
  /** Names the field, the value and what is accepted. */
  readonly message: string;
}

/** Far above any machine, far below what arithmetic in thousandths could not hold. */
export const MAX_QUANTITY = 1_000_000_000;

/** Why a number is no quantity; undefined: it is one. 0 stands for all that an offer has. */
export const quantityFault = (field: string, value: unknown): ConfigFault | undefined => {
  const accepted = `a number from 0.001 to ${MAX_QUANTITY}, or 0 for all that an offer has`;
  const isQuantity = typeof value === 'number' && (value === 0 || (value >= 0.001 && value <= MAX_QUANTITY));
  return isQuantity ? undefined : { field, message: `${field} is ${show(value)}: give ${accepted}` };
};

const show = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const unknownField = (path: string, value: Record<string, unknown>, known: readonly string[]): ConfigFault | undefined => {
  const field = Object.keys(value).find((key) => !known.includes(key));
  if (field === undefined) return undefined;
  return { field: `${path}${field}`, message: `${path}${field} is unknown: give ${known.join(', ')}` };
};

const generalFault = (general: unknown): ConfigFault | undefined => {
  if (general === undefined) return undefined;
  if (!isObject(general)) return { field: 'general_config', message: `general_config is ${show(general)}: give an object` };
  for (const name of ['cpu_of_node', 'mem_of_node']) {
    const fault = general[name] === undefined ? undefined : quantityFault(`general_config.${name}`, general[name]);
    if (fault !== undefined) return fault;
  }
  return unknownField('general_config.', general, ['cpu_of_node', 'mem_of_node']);
};

const MAX_LICENCES = 1_000;
const MAX_LICENCE_NAME = 256;
const MAX_LICENCE_COUNT = 1_000_000;

const licenceFault = (name: string, count: unknown): ConfigFault | undefined => {
  if (name === '' || name.length > MAX_LICENCE_NAME) {
    return { field: 'licences', message: `licences has the name ${show(name)}: give 1 to ${MAX_LICENCE_NAME} characters` };
  }
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MAX_LICENCE_COUNT) return undefined;
  const field = `licences.${name}`;
  return { field, message: `${field} is ${show(count)}: give a whole number from 0 to ${MAX_LICENCE_COUNT}` };
};

const licencesFault = (licences: unknown): ConfigFault | undefined => {
  if (licences === undefined) return undefined;
  if (!isObject(licences)) return { field: 'licences', message: `licences is ${show(licences)}: give an object of names and counts` };
  const entries = Object.entries(licences);
  if (entries.length > MAX_LICENCES) {
    return { field: 'licences', message: `licences has ${entries.length} names: give at most ${MAX_LICENCES}` };
  }
  for (const [name, count] of entries) {
    const fault = licenceFault(name, count);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

/** Checks a value of any shape; undefined: it is a scaling config. */
export const checkScalingConfig = (value: unknown, maxNodes: number): ConfigFault | undefined => {
  if (!isObject(value)) return { field: '', message: `the config is ${show(value)}: give an object with num_of_node` };
  const count = value['num_of_node'];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > maxNodes) {
    return { field: 'num_of_node', message: `num_of_node is ${show(count)}: give a whole number from 0 to ${maxNodes}` };
  }
  return (
    generalFault(value['general_config']) ??
    licencesFault(value['licences']) ??
    unknownField('', value, ['num_of_node', 'general_config', 'licences'])
  );
};
