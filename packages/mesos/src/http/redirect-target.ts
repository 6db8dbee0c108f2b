/**
 * The `http(s)://host:port` of a Location header, which masters write protocol-relative: `//host:port/api/v1/scheduler`.
 * Undefined when it is none, or when it would lead from https to http: credentials would travel in the open.
 */
export const redirectTarget = (location: string, from: string): string | undefined => {
  // The documentation's sample shows a bare host:port, which a URL parser would take for a scheme.
  const absolute = /^[A-Za-z0-9._-]+:\d+(\/|$)/.test(location) ? `//${location}` : location;
  if (!URL.canParse(absolute, from)) return undefined;
  const target = new URL(absolute, from);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') return undefined;
  return new URL(from).protocol === 'https:' && target.protocol === 'http:' ? undefined : target.origin;
};
