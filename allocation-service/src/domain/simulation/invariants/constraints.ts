import type { Constraint } from '@streams-on-mesos/messages';
import type { ModelAgent } from '../model/agent.js';

/** What an agent says about a field; undefined: nothing. */
export const fieldOf = (field: string, agent: ModelAgent | undefined): string | undefined => {
  const { region, zone } = agent?.domain.fault_domain ?? {};
  if (field === 'hostname' || field === '@hostname') return agent?.hostname;
  if (field === '@region') return region?.name;
  if (field === '@zone') return zone?.name;
  return agent?.attributes.find(({ name }) => name === field)?.text?.value;
};

/**
 * Why an agent that was just used breaks a constraint among those where the request's tasks are; undefined: it doesn't.
 * As docs/constraints.md of Marathon has them, written once more and simply.
 */
export const brokenConstraint = (
  { field, operator, value: wanted = '' }: Constraint,
  agent: ModelAgent | undefined,
  placed: readonly (ModelAgent | undefined)[],
): string | undefined => {
  const value = fieldOf(field, agent);
  const values = placed.map((one) => fieldOf(field, one));
  const same = values.filter((one) => one === value).length;
  const groups = new Set(values);
  switch (operator) {
    case 'UNIQUE':
      return same > 1 ? `${value} is used ${same} times` : undefined;
    case 'MAX_PER':
      return same > Number(wanted) ? `${value} is used ${same} times` : undefined;
    case 'CLUSTER':
      if (wanted !== '' && value !== wanted) return `${value} is another one`;
      return groups.size > 1 ? `values are ${[...groups].join()}` : undefined;
    case 'IS':
      return value === wanted ? undefined : `${value} is another one`;
    case 'LIKE':
      return value !== undefined && new RegExp(`^(?:${wanted})$`).test(value) ? undefined : `${value} is not like it`;
    case 'UNLIKE':
      return value !== undefined && new RegExp(`^(?:${wanted})$`).test(value) ? `${value} is like it` : undefined;
    // Where others were at that very moment decides: see spread.ts.
    case 'GROUP_BY':
    case 'UNKNOWN':
      return undefined;
  }
};
