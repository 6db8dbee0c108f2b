import type { Attribute, Offer } from '@streams-on-mesos/mesos';
import type { Constraint } from './app-definition.js';

const longestPattern = 256;
const needsValue = new Set(['LIKE', 'UNLIKE', 'IS', 'MAX_PER']);
const onHostname = new Set(['UNIQUE', 'CLUSTER', 'LIKE', 'UNLIKE', 'IS', 'MAX_PER']);
const onAttribute = new Set(['CLUSTER', 'LIKE', 'UNLIKE', 'IS']);

/** Why this constraint is refused, or undefined. What needs to know the attributes of other tasks' agents is not here. */
export function constraintProblem([field, operator, value]: Constraint): string | undefined {
  const supported = field === 'hostname' ? onHostname : onAttribute;
  if (!supported.has(operator)) {
    return `${operator} on "${field}" is not supported by local-marathon; supported there: ${[...supported].join(', ')}`;
  }
  if (value === undefined && (needsValue.has(operator) || (operator === 'CLUSTER' && field !== 'hostname'))) {
    return `${operator} on "${field}" needs a value`;
  }
  if (operator === 'MAX_PER' && !/^[1-9]\d{0,5}$/.test(value ?? '')) return 'MAX_PER needs a whole number above 0';
  if (operator === 'LIKE' || operator === 'UNLIKE') return patternProblem(value ?? '');
  return undefined;
}

function patternProblem(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return `the pattern is longer than ${longestPattern} characters`;
  try {
    new RegExp(pattern);
    return undefined;
  } catch {
    return `"${pattern}" is not a regular expression`;
  }
}

const attributeText = ({ text, scalar }: Attribute): string | undefined => text?.value ?? (scalar && String(scalar.value));

/** Whether one more task may go to the offer's agent. `hosts`: one entry for each live task of the app. */
export const constraintsAllow = (constraints: readonly Constraint[], offer: Offer, hosts: readonly string[]): boolean =>
  constraints.every((constraint) => allows(constraint, offer, hosts));

function allows([field, operator, value = '']: Constraint, offer: Offer, hosts: readonly string[]): boolean {
  const attribute = offer.attributes?.find(({ name }) => name === field);
  const actual = field === 'hostname' ? offer.hostname : attribute && attributeText(attribute);
  if (actual === undefined) return operator === 'UNLIKE';
  const here = hosts.filter((host) => host === actual).length;
  switch (operator) {
    case 'UNIQUE':
      return here === 0;
    case 'MAX_PER':
      return here < Number(value);
    case 'CLUSTER':
      return value === '' ? here === hosts.length : actual === value;
    case 'IS':
      return actual === value;
    case 'LIKE':
      return matchesFully(value, actual);
    case 'UNLIKE':
      return !matchesFully(value, actual);
    default:
      return false;
  }
}

const matchesFully = (pattern: string, text: string): boolean => new RegExp(`^(?:${pattern})$`).test(text);
