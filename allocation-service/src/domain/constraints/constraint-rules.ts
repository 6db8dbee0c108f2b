import type { Constraint } from '@streams-on-mesos/messages';
import { scalarText } from './constraint-fields.js';
import { patternOf } from './pattern.js';

/** Where the live resources of a request are, seen through one field of their agents. */
export class Spread {
  /** How many have which value; undefined: the agent has no such field. */
  readonly counts = new Map<string | undefined, number>();
  /** The value of the one that was placed first. */
  first: string | undefined;

  add(value: string | undefined): void {
    if (this.counts.size === 0) this.first = value;
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }
}

type Rule = (offered: string, spread: Spread, wanted: string) => boolean;

const asInteger = (text: string): number => (text === 'inf' ? Infinity : /^-?\d+$/.test(text) ? Number(text) : 0);

/** A new value, or one that has as few as any once there are as many values as wanted. */
const groupBy: Rule = (offered, { counts }, wanted) => {
  const count = counts.get(offered);
  if (count === undefined) return true;
  if (counts.size < asInteger(wanted)) return false;
  for (const other of counts.values()) if (other < count) return false;
  return true;
};

const asScalar = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? scalarText(Number(text)) : text);

// Marathon's docs/constraints.md, "Operators", and src/main/scala/mesosphere/mesos/Constraints.scala for what that leaves open.
const rules: Record<Constraint.Operator, Rule> = {
  UNIQUE: (offered, { counts }) => !counts.has(offered),
  CLUSTER: (offered, spread, wanted) => (wanted === '' ? spread.isEmpty || spread.first === offered : offered === wanted),
  GROUP_BY: groupBy,
  LIKE: (offered, _spread, wanted) => wanted !== '' && patternOf(wanted)?.matches(offered) === true,
  UNLIKE: (offered, _spread, wanted) => wanted !== '' && patternOf(wanted)?.matches(offered) === false,
  MAX_PER: (offered, { counts }, wanted) => (counts.get(offered) ?? 0) < asInteger(wanted),
  IS: (offered, _spread, wanted) => offered === asScalar(wanted),
  // Said by a newer client: what it means is not known, so nothing fulfils it.
  UNKNOWN: () => false,
};

/** Whether one more resource may be placed where the field has this value. Only UNLIKE accepts an agent without the field. */
export const isFulfilled = ({ operator, value = '' }: Constraint, offered: string | undefined, spread: Spread): boolean =>
  offered === undefined ? operator === 'UNLIKE' : rules[operator](offered, spread, value);

/** Whether an agent that was refused may become acceptable when others are placed elsewhere. */
export const canRecover = ({ operator }: Constraint): boolean => operator === 'GROUP_BY';

/** What is wrong with a constraint; undefined: nothing. */
export const constraintFault = ({ field, operator, value = '' }: Constraint): string | undefined => {
  if (field === '') return 'the field is empty: give @hostname, @region, @zone or the name of an attribute';
  switch (operator) {
    case 'UNKNOWN':
      return 'the operator is unknown: give UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER or IS';
    case 'UNIQUE':
      return value === '' ? undefined : `UNIQUE takes no value, not ${JSON.stringify(value)}: leave it out`;
    case 'GROUP_BY':
      return /^\d*$/.test(value) ? undefined : `the value of GROUP_BY is ${JSON.stringify(value)}: give a whole number or none`;
    case 'MAX_PER':
      return /^[1-9]\d*$/.test(value) ? undefined : `the value of MAX_PER is ${JSON.stringify(value)}: give a whole number from 1`;
    case 'LIKE':
    case 'UNLIKE':
      return value !== '' && patternOf(value) !== undefined
        ? undefined
        : `the value of ${operator} is ${JSON.stringify(value.slice(0, 80))}: give a regular expression in RE2's syntax`;
    case 'IS':
      return value === '' ? 'the value of IS is missing: give the text or number that the field has to be' : undefined;
    case 'CLUSTER':
      return undefined;
  }
};
