// Offer constraints: which agents a framework does not want to be offered, told with its subscription
// (allocator/mesos/offer_constraints_filter.cpp).
import type { AttributeConstraint, OfferConstraints } from '../../../generated/protocol.js';
import type { AgentInfo } from '../../../network/messages.js';
import { fullMatcher, regexError, type RegexLimits } from '../../../regular-expressions/re2.js';
import type { FrameworkRecord } from '../master-state.js';

/** Mesos's --offer_constraints_re2_max_mem and --offer_constraints_re2_max_program_size. */
const REGEX_LIMITS: RegexLimits = { maxMemory: 4096, maxProgramSize: 100 };

const constraintError = ({ selector, predicate }: AttributeConstraint): string | undefined => {
  if (selector.pseudoattribute_type === 'UNKNOWN') return 'Unknown pseudoattribute type';
  if (selector.pseudoattribute_type === undefined && selector.attribute_name === undefined)
    return `Exactly one of 'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type' must be set`;
  if (Object.values(predicate).every((value) => value === undefined)) return 'Unknown predicate type';
  const regex = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
  return regex === undefined ? undefined : regexError(regex, REGEX_LIMITS);
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

type Test = (agent: AgentInfo) => boolean;

/** undefined: the agent has no such attribute; null: it has one that is no TEXT. */
const textOf = ({ selector }: AttributeConstraint, agent: AgentInfo): string | null | undefined => {
  const domain = agent.domain?.fault_domain;
  if (selector.pseudoattribute_type === 'HOSTNAME') return agent.hostname;
  if (selector.pseudoattribute_type === 'REGION') return domain?.region.name;
  if (selector.pseudoattribute_type === 'ZONE') return domain?.zone.name;
  const attribute = agent.attributes.find(({ name }) => name === selector.attribute_name);
  if (attribute === undefined) return undefined;
  return attribute.type === 'TEXT' ? (attribute.text?.value ?? '') : null;
};

const testOf = (constraint: AttributeConstraint): Test => {
  const { exists, not_exists, text_equals, text_not_equals, text_matches, text_not_matches } = constraint.predicate;
  if (exists !== undefined) return (agent) => textOf(constraint, agent) !== undefined;
  if (not_exists !== undefined) return (agent) => textOf(constraint, agent) === undefined;
  // An attribute that is no TEXT meets every comparison (scheduler.proto, AttributeConstraint.Predicate).
  const comparing =
    (holds: (text: string) => boolean, whenAbsent: boolean): Test =>
    (agent) => {
      const text = textOf(constraint, agent);
      return text === undefined ? whenAbsent : text === null || holds(text);
    };
  if (text_equals !== undefined) return comparing((text) => text === text_equals.value, false);
  if (text_not_equals !== undefined) return comparing((text) => text !== text_not_equals.value, true);
  const matches = fullMatcher(text_matches?.regex ?? text_not_matches?.regex ?? '');
  return text_matches === undefined ? comparing((text) => !matches(text), true) : comparing(matches, false);
};

/** Groups are alternatives; the constraints of a group must all hold. Each agent is looked at once. */
const newRoleTest = ({ groups = [] }: OfferConstraints.RoleConstraints): Test => {
  const alternatives = groups.map(({ attribute_constraints = [] }) => attribute_constraints.map(testOf));
  const known = new WeakMap<AgentInfo, boolean>();
  return (agent) => {
    const before = known.get(agent);
    if (before !== undefined) return before;
    const result = alternatives.some((all) => all.every((holds) => holds(agent)));
    known.set(agent, result);
    return result;
  };
};

const roleTests = new WeakMap<OfferConstraints.RoleConstraints, Test>();

/** The constraints must be valid. */
export function isExcluded(framework: FrameworkRecord, role: string, agent: AgentInfo): boolean {
  const constraints = framework.constraints?.role_constraints?.[role];
  if (constraints === undefined) return false;
  const test = roleTests.get(constraints) ?? newRoleTest(constraints);
  roleTests.set(constraints, test);
  return !test(agent);
}
