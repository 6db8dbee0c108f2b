// Offer constraints: which agents a framework does not want to be offered, told with its subscription
// (allocator/mesos/offer_constraints_filter.cpp). Regular expressions are JavaScript's, where Mesos has RE2.
import type { AttributeConstraint, OfferConstraints } from '../../../generated/protocol.js';
import type { AgentInfo } from '../../../network/messages.js';
import type { FrameworkRecord } from '../master-state.js';

const regexError = (regex: string): string | undefined => {
  try {
    new RegExp(regex);
    return undefined;
  } catch (error) {
    return `Failed to construct regex from pattern '${regex}': ${(error as Error).message}`;
  }
};

const constraintError = ({ selector, predicate }: AttributeConstraint): string | undefined => {
  if (selector.pseudoattribute_type === 'UNKNOWN') return 'Unknown pseudoattribute type';
  if (selector.pseudoattribute_type === undefined && selector.attribute_name === undefined)
    return `Exactly one of 'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type' must be set`;
  if (Object.values(predicate).every((value) => value === undefined)) return 'Unknown predicate type';
  const regex = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
  return regex === undefined ? undefined : regexError(regex);
};

/** Why constraints can't be taken, in Mesos's words; undefined when they can. */
export function offerConstraintsError(constraints: OfferConstraints | undefined): string | undefined {
  for (const [role, { groups = [] }] of Object.entries(constraints?.role_constraints ?? {})) {
    if (groups.length === 0) return `'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role ${role}`;
    for (const { attribute_constraints: all = [] } of groups) {
      // The missing blank is Mesos's.
      if (all.length === 0) return `'OfferConstraints::RoleConstraints::groups' for role ${role}contains an empty RoleConstraints::Group`;
      const error = all.map(constraintError).find((message) => message !== undefined);
      if (error !== undefined) return `A role ${role} has an invalid 'AttributeConstraint': ${error}`;
    }
  }
  return undefined;
}

const attributeText = (agent: AgentInfo, { selector }: AttributeConstraint): { present: boolean; text: string | undefined } => {
  const pseudo = selector.pseudoattribute_type;
  if (pseudo === 'HOSTNAME') return { present: true, text: agent.hostname };
  if (pseudo === 'REGION' || pseudo === 'ZONE') {
    const domain = agent.domain?.fault_domain;
    const text = pseudo === 'REGION' ? domain?.region.name : domain?.zone.name;
    return { present: text !== undefined, text };
  }
  const attribute = agent.attributes.find(({ name }) => name === selector.attribute_name);
  return { present: attribute !== undefined, text: attribute?.text?.value };
};

const satisfies = (agent: AgentInfo, constraint: AttributeConstraint): boolean => {
  const { predicate } = constraint;
  const { present, text } = attributeText(agent, constraint);
  if (predicate.exists !== undefined) return present;
  if (predicate.not_exists !== undefined) return !present;
  // An attribute that is no TEXT meets every comparison (scheduler.proto, AttributeConstraint.Predicate).
  const compare = (test: (value: string) => boolean, whenAbsent: boolean): boolean =>
    present ? text === undefined || test(text) : whenAbsent;
  if (predicate.text_equals !== undefined) return compare((value) => value === predicate.text_equals?.value, false);
  if (predicate.text_not_equals !== undefined) return compare((value) => value !== predicate.text_not_equals?.value, true);
  if (predicate.text_matches !== undefined) return compare((value) => fullMatch(predicate.text_matches?.regex ?? '', value), false);
  if (predicate.text_not_matches !== undefined) return compare((value) => !fullMatch(predicate.text_not_matches?.regex ?? '', value), true);
  return true;
};

const fullMatch = (regex: string, value: string): boolean => new RegExp(`^(?:${regex})$`).test(value);

/** Groups are alternatives; the constraints of a group must all hold. */
export function isExcluded(framework: FrameworkRecord, role: string, agent: AgentInfo): boolean {
  const constraints = framework.constraints?.role_constraints?.[role];
  if (constraints === undefined) return false;
  return !(constraints.groups ?? []).some((group) =>
    (group.attribute_constraints ?? []).every((constraint) => satisfies(agent, constraint)),
  );
}
