import type { Allocate, Constraint, Licence } from '@streams-on-mesos/messages';
import { constraintFault } from '../constraints/constraint-rules.js';
import { countFault, fault, firstFault, textFault, wholeNumberFault, type Fault } from './fault.js';

const MAX_PRIORITY = 1_000_000;
const MAX_CONSTRAINTS = 50;
const MAX_FIELD_LENGTH = 256;
const MAX_VALUE_LENGTH = 1_000;
const MAX_LICENCES = 20;
const MAX_LICENCE_COUNT = 1_000_000;
const LICENCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Of Date: ECMA-262, "Time Values and Time Range". */
const LAST_TIME = 8_640_000_000_000_000;
const FIELDS_OF_AGENTS: readonly string[] = ['@hostname', '@region', '@zone'];

const oneConstraintFault = (constraint: Constraint, index: number): Fault | undefined => {
  const at = `constraints[${index}]`;
  const { field, value = '' } = constraint;
  if (field.length > MAX_FIELD_LENGTH) return textFault(`${at}.field`, field, MAX_FIELD_LENGTH);
  if (value.length > MAX_VALUE_LENGTH) return textFault(`${at}.value`, value, MAX_VALUE_LENGTH);
  if (field.startsWith('@') && !FIELDS_OF_AGENTS.includes(field)) {
    return fault(`${at}.field`, field, 'give @hostname, @region, @zone or the name of an attribute');
  }
  const wrong = constraintFault(constraint);
  return wrong === undefined ? undefined : { field: at, message: `${at} (${field} ${constraint.operator}): ${wrong}` };
};

const licenceFault = (licences: readonly Licence[]) => {
  return ({ name, count }: Licence, index: number): Fault | undefined => {
    const at = `licences[${index}]`;
    if (!LICENCE_NAME.test(name)) return fault(`${at}.name`, name, 'give up to 64 letters, digits, dots, dashes and underscores');
    if (licences.findIndex((other) => other.name === name) < index) return fault(`${at}.name`, name, 'name each licence once');
    return wholeNumberFault(`${at}.count`, count, 1, MAX_LICENCE_COUNT);
  };
};

const roleFault = (role: string | undefined, roles: readonly string[]): Fault | undefined =>
  role === undefined || roles.includes(role) ? undefined : fault('role', role, `give one of ${roles.join(', ')}, or leave it out`);

const placeByFault = (placeBy: number | undefined, now: number): Fault | undefined =>
  placeBy === undefined || (Number.isInteger(placeBy) && placeBy > now && placeBy <= LAST_TIME)
    ? undefined
    : fault('place_by_ms', placeBy, `give milliseconds since the epoch, later than now (${now})`);

/** Why the resources of a request can't be placed as it asks; undefined: they can, somewhere, some time. */
export const placementFault = (body: Allocate, roles: readonly string[], now: number): Fault | undefined =>
  wholeNumberFault('priority', body.priority, -MAX_PRIORITY, MAX_PRIORITY) ??
  roleFault(body.role, roles) ??
  countFault('constraints', body.constraints, MAX_CONSTRAINTS) ??
  firstFault(body.constraints, oneConstraintFault) ??
  countFault('licences', body.licences, MAX_LICENCES) ??
  firstFault(body.licences, licenceFault(body.licences ?? [])) ??
  placeByFault(body.place_by_ms, now);
