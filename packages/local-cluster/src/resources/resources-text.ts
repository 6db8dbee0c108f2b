// Mesos's syntax for an agent's --resources, as a list or as JSON (src/common/resources.cpp: fromSimpleString, fromJSON, parse,
// validateCommandLineResources; docs/attributes-resources.md).
import type { Resource } from '../generated/protocol.js';
import { JsonConversionError, messageFromJson } from '../wire/message-from-json.js';
import { resourceType } from '../wire/message-types.js';
import { resourceError } from './resource-validation.js';
import { fromWire, type Resources } from './resources.js';
import { isDynamicallyReserved } from './reservations.js';
import { parseValue, ResourceTextError } from './value-text.js';

/** `cpus`, or `cpus(role)`: the whole between the parentheses is the role. */
const parseKey = (key: string, token: string): Pick<Resource, 'name' | 'role'> => {
  const open = key.indexOf('(');
  if (open < 0) return { name: key.trim() };
  const close = key.indexOf(')');
  if (close < open) throw new ResourceTextError(`Bad value for resources, mismatched parentheses in ${token}: expected as in cpus(role):4`);
  return { name: key.slice(0, open).trim(), role: key.slice(open + 1, close).trim() };
};

const parseToken = (token: string): Resource => {
  const [key, text, ...more] = token.split(':').filter((part) => part !== '');
  if (key === undefined || text === undefined || more.length > 0)
    throw new ResourceTextError(`Bad value for resources, missing or extra ':' in ${token}: expected as in cpus:4;mem:1024`);
  const resource = parseKey(key, token);
  const value = parseValue(text);
  switch (value.type) {
    case 'SCALAR':
      return { ...resource, type: 'SCALAR', scalar: { value: value.value } };
    case 'RANGES':
      return { ...resource, type: 'RANGES', ranges: { range: value.ranges.map(([begin, end]) => ({ begin, end })) } };
    case 'SET':
      return { ...resource, type: 'SET', set: { item: [...value.items] } };
    case 'TEXT':
      throw new ResourceTextError(
        `Bad type for resource ${resource.name} value ${text} type TEXT: expected a number that is not negative, [ranges] or a {set}`,
      );
  }
};

const parseList = (text: string): Resource[] =>
  text
    .split(';')
    .filter((token) => token.trim() !== '')
    .map(parseToken);

const parseJson = (json: readonly unknown[]): Resource[] => {
  try {
    return json.map((one) => messageFromJson(resourceType, one) as unknown as Resource);
  } catch (error) {
    if (error instanceof JsonConversionError)
      throw new ResourceTextError(`Some JSON resources were not formatted properly: ${error.message}`);
    throw error;
  }
};

/** undefined: no JSON array, so a list. */
const jsonArray = (text: string): readonly unknown[] | undefined => {
  if (!text.trimStart().startsWith('[')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json : undefined;
  } catch (error) {
    throw new ResourceTextError(`resources: no JSON array: ${(error as Error).message}`);
  }
};

const commandLineError = (resources: Resources): string | undefined => {
  for (const quantity of resources) {
    const { name, type, disk, revocable } = quantity;
    if (disk?.persistence !== undefined) return 'Persistent volumes cannot be specified at the command line';
    if (revocable !== undefined)
      return `Revocable resources cannot be specified at the command line; do not include a 'revocable' key in the resources JSON`;
    if (isDynamicallyReserved(quantity))
      return 'Dynamic reservations cannot be specified at the command line; do not include a reservation with DYNAMIC type in the resources JSON';
    if (resources.some((other) => other.name === name && other.type !== type))
      return `Resources with the same name ('${name}') but different types are not allowed`;
  }
  return undefined;
};

/** `cpus:8;cpus(role):2;ports:[31000-31499];zones:{a,b}`, or `[{"name":"cpus",…},…]`. @throws ResourceTextError */
export function parseResources(text: string): Resources {
  const json = jsonArray(text);
  const wire = json === undefined ? parseList(text) : parseJson(json);
  for (const resource of wire) {
    const error = resourceError(resource);
    if (error !== undefined) throw new ResourceTextError(`${resource.name === '' ? 'resources' : resource.name}: ${error}`);
  }
  const resources = fromWire(wire);
  const error = commandLineError(resources);
  if (error !== undefined) throw new ResourceTextError(error);
  return resources;
}
