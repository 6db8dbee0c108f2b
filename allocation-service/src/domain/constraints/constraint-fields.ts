import type { Attribute } from '@streams-on-mesos/mesos';
import type { AgentFacts } from '../agents/agent-facts.js';

/**
 * A scalar as Marathon compares it: three decimals at most, half-even, without zeros at the end (Marathon's
 * docs/constraints.md, "LIKE operator" and "Comparing scalar values").
 */
export const scalarText = (value: number): string => {
  // toFixed rounds the exact binary value, as Java does, but ties upwards; only odd sixteenths are ties.
  const isTie = Math.abs(value * 16) % 2 === 1;
  const lower = Math.floor(value * 1000);
  const rounded = isTie ? (lower + (Math.abs(lower) % 2)) / 1000 : value;
  return rounded.toFixed(3).replace(/\.?0+$/, '');
};

/** An attribute's value as Marathon compares it: ranges as `[1-2,5-9]`, sets as `{a,b}`. */
export const attributeText = ({ type, text, scalar, ranges, set }: Attribute): string => {
  switch (type) {
    case 'SCALAR':
      return scalarText(scalar?.value ?? 0);
    case 'RANGES': {
      const sorted = [...(ranges?.range ?? [])].sort((a, b) => a.begin - b.begin);
      return `[${sorted.map(({ begin, end }) => `${begin}-${end}`).join(',')}]`;
    }
    case 'SET':
      return `{${[...(set?.item ?? [])].sort().join(',')}}`;
    default:
      return text?.value ?? '';
  }
};

/** The value of a constraint's field on an agent; undefined when the agent has none. */
export const fieldValue = (agent: AgentFacts, field: string): string | undefined => {
  switch (field) {
    case 'hostname':
    case '@hostname':
      return agent.hostname;
    case '@region':
      return agent.domain?.fault_domain?.region.name;
    case '@zone':
      return agent.domain?.fault_domain?.zone.name;
    default: {
      const attribute = agent.attributes.find(({ name }) => name === field);
      return attribute === undefined ? undefined : attributeText(attribute);
    }
  }
};
