import type { Workload } from '@streams-on-mesos/messages';
import type { Request } from '../model.js';

const keys = new WeakMap<Workload, string>();

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The same text for requests that run the same, whoever made them. */
export const workloadKey = ({ workload }: Request): string => {
  const known = keys.get(workload);
  if (known !== undefined) return known;
  const key = JSON.stringify(workload, sorted);
  keys.set(workload, key);
  return key;
};
