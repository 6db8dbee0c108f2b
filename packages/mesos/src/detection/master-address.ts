/** Where to look for the leading master. */
export type MasterAddress =
  | {
      readonly kind: 'zookeeper';
      /** `host:port,host:port` */
      readonly connectString: string;
      /** The node that the masters register under, `/mesos` for example. */
      readonly path: string;
      /** `user:password`, for digest authentication; no longer percent-encoded. */
      readonly auth?: string | undefined;
    }
  /** Masters of one cluster; any of them knows the leader. */
  | { readonly kind: 'list'; readonly urls: readonly string[] }
  | { readonly kind: 'url'; readonly url: string };

/** The text shows no password. */
export class MasterAddressError extends Error {
  override readonly name = 'MasterAddressError';
}

const FORMS = 'zk://[user:password@]host:port[,host:port…]/path, host:port[,host:port…] or http(s)://host:port';

const HOST_AND_PORT = /^(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

const refuse = (what: string): never => {
  throw new MasterAddressError(`master address: ${what}; expected ${FORMS}`);
};

const hostAndPort = (text: string): string => {
  const port = Number(HOST_AND_PORT.exec(text)?.[1] ?? 0);
  return port >= 1 && port <= 65_535 ? text : refuse(`'${text}' is not host:port`);
};

/** `%40` for `@` and so on, for whoever must write what would end the user, the password or the servers. A `%` before anything else is itself. */
const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) => Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('utf8'));

/** `user:password`, of which only the user cannot hold a `:`. */
const parseAuth = (text: string): string => {
  const colon = text.indexOf(':');
  const [user, password] = [percentDecoded(text.slice(0, Math.max(0, colon))), percentDecoded(text.slice(colon + 1))];
  if (user === '' || password === '') refuse('what stands before @ is not user:password');
  if (user.includes(':')) refuse('a user of ZooKeeper has no colon, not as %3A either');
  return `${user}:${password}`;
};

/** As Mesos does (include/mesos/zookeeper/url.hpp): the path begins at the first `/`, the servers after the last `@` before it. */
const parseZooKeeper = (rest: string): MasterAddress => {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash).replace(/\/+$/, '');
  const at = authority.lastIndexOf('@');
  const readsLikeAPassword = /@[^/]*:\d/.test(path) || !authority.split(',').every((one) => HOST_AND_PORT.test(one));
  if (at < 0 && path.includes('@') && readsLikeAPassword) refuse("the path begins at the first '/'; in a password write it %2F");
  const auth = at < 0 ? undefined : parseAuth(authority.slice(0, at));
  if (path === '') refuse('zk:// needs the path that the masters register under, /mesos for example');
  if (path.includes('//') || path.includes(',')) refuse(`'${path}' is not a ZooKeeper path`);
  const servers = authority.slice(at + 1).split(',');
  return { kind: 'zookeeper', connectString: servers.map(hostAndPort).join(','), path, auth };
};

const parseUrl = (text: string): MasterAddress => {
  const url = URL.canParse(text) ? new URL(text) : refuse(`'${text}' is not a URL`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') refuse(`'${text}' has more than scheme, host and port`);
  return { kind: 'url', url: url.origin };
};

/**
 * Reads what Mesos's tools take as `--master`. In the user and password of `zk://` percent-encoding is decoded, which Mesos does not do;
 * a `/` must be written so, `@` and `:` in a password may be, and `%` must be where two hexadecimal digits follow.
 * @param scheme of masters given as `host:port`
 * @throws MasterAddressError naming what is wrong
 */
export const parseMasterAddress = (text: string, scheme: 'http' | 'https' = 'http'): MasterAddress => {
  const trimmed = text.trim();
  if (trimmed === '') refuse('it is empty');
  if (trimmed.startsWith('zk://')) return parseZooKeeper(trimmed.slice('zk://'.length));
  if (trimmed.includes('@')) refuse('credentials of a master do not belong into its address');
  if (/^https?:\/\//.test(trimmed)) return parseUrl(trimmed);
  if (trimmed.includes('://')) refuse(`'${trimmed.slice(0, trimmed.indexOf('://'))}' is no scheme that a master has`);
  const [url, ...others] = trimmed.split(',').map((part) => `${scheme}://${hostAndPort(part.trim())}`);
  return others.length === 0 ? { kind: 'url', url: url! } : { kind: 'list', urls: [url!, ...others] };
};
