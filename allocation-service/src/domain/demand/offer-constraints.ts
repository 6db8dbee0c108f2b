import type { AttributeConstraint, OfferConstraints } from '@streams-on-mesos/mesos';
import type { Constraint } from '@streams-on-mesos/messages';
import type { Request } from '../model.js';
import { isSimplePattern } from './simple-pattern.js';

/** Each is looked at for every agent. */
const MAX_GROUPS = 20;

const pseudoAttributes: Readonly<Record<string, AttributeConstraint.Selector['pseudoattribute_type']>> = {
  hostname: 'HOSTNAME',
  '@hostname': 'HOSTNAME',
  '@region': 'REGION',
  '@zone': 'ZONE',
};

const selectorOf = (field: string): AttributeConstraint.Selector => {
  const pseudo = pseudoAttributes[field];
  return pseudo === undefined ? { attribute_name: field } : { pseudoattribute_type: pseudo };
};

/** As a number it may be written in several ways, of which Mesos knows one. */
const isNumeric = (value: string): boolean => /^\d+(\.\d+)?$/.test(value);

/** What the master can check of a constraint; undefined: it can't, or not exactly. It accepts every attribute that is no TEXT. */
const predicateOf = ({ operator, value = '' }: Constraint): AttributeConstraint.Predicate | undefined => {
  if (value === '') return undefined;
  switch (operator) {
    case 'IS':
      return isNumeric(value) ? undefined : { text_equals: { value } };
    case 'CLUSTER':
      return { text_equals: { value } };
    case 'LIKE':
      return isSimplePattern(value) ? { text_matches: { regex: value } } : undefined;
    case 'UNLIKE':
      return isSimplePattern(value) ? { text_not_matches: { regex: value } } : undefined;
    default:
      // Where others of the request are decides, and changes with each that is placed.
      return undefined;
  }
};

interface Group {
  readonly constraints: AttributeConstraint[];
  /** The same for groups that say the same. */
  readonly key: string;
}

const groups = new WeakMap<readonly Constraint[], Group>();

const groupOf = ({ requirements }: Request): Group => {
  const known = groups.get(requirements.constraints);
  if (known !== undefined) return known;
  const constraints = requirements.constraints.flatMap((constraint) => {
    const predicate = predicateOf(constraint);
    return predicate === undefined ? [] : [{ selector: selectorOf(constraint.field), predicate }];
  });
  const group = { constraints, key: JSON.stringify(constraints) };
  groups.set(requirements.constraints, group);
  return group;
};

/**
 * Which agents are of use for one of these requests at least (scheduler.proto, OfferConstraints): the groups are
 * alternatives. undefined: one of them may be placed on any agent, as far as a master can tell.
 */
export const offerConstraints = (requests: Iterable<Request>): OfferConstraints.RoleConstraints | undefined => {
  const alternatives = new Map<string, OfferConstraints.RoleConstraints.Group>();
  for (const request of requests) {
    if (request.requirements.constraints.length === 0) return undefined;
    const { constraints, key } = groupOf(request);
    if (constraints.length === 0) return undefined;
    alternatives.set(key, { attribute_constraints: constraints });
    if (alternatives.size > MAX_GROUPS) return undefined;
  }
  return alternatives.size === 0 ? undefined : { groups: [...alternatives.values()] };
};
