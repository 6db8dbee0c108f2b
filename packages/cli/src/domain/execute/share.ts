import { subtractResources, type Resource } from '@streams-on-mesos/mesos';

/** What one resource of an offer gives of what is wanted. */
export interface Share {
  readonly given: Resource | undefined;
  /** What remains of the offered one. */
  readonly left: Resource | undefined;
  /** What remains to be found. */
  readonly missing: Resource | undefined;
}

/** Itself, with the amount of another one. */
const withAmountOf = (resource: Resource, { scalar, ranges, set }: Resource): Resource => {
  const { scalar: _scalar, ranges: _ranges, set: _set, ...identity } = resource;
  return { ...identity, ...(scalar && { scalar }), ...(ranges && { ranges }), ...(set && { set }) };
};

/** Both of the same name and type; what is given is as the offered one is, with its reservations. */
export const share = (offered: Resource, wanted: Resource): Share => {
  const [missing] = subtractResources([withAmountOf(offered, wanted)], [offered]);
  const [given] = subtractResources([withAmountOf(offered, wanted)], missing === undefined ? [] : [missing]);
  const [left] = subtractResources([offered], given === undefined ? [] : [given]);
  return { given, left, missing: missing && withAmountOf(wanted, missing) };
};
