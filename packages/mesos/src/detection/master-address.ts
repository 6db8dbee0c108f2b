/** Where to look for the leading master. */
export type MasterAddress =
  | {
      readonly kind: 'zookeeper';
      /** `host:port,host:port` */
      readonly connectString: string;
      /** The node that the masters register under, `/mesos` for example. */
      readonly path: string;
      /** `user:password`, for digest authentication. */
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

const parseZooKeeper = (rest: string): MasterAddress => {
  // A password may contain '@' and '/', host names may not.
  const at = rest.lastIndexOf('@');
  const auth = at < 0 ? undefined : rest.slice(0, at);
  if (auth !== undefined && !/^[^:]+:./s.test(auth)) refuse('what stands before @ is not user:password');
  const ensemble = rest.slice(at + 1);
  const slash = ensemble.indexOf('/');
  const path = slash < 0 ? '' : ensemble.slice(slash).replace(/\/+$/, '');
  if (path === '') refuse('zk:// needs the path that the masters register under, /mesos for example');
  if (path.includes('//') || path.includes(',')) refuse(`'${path}' is not a ZooKeeper path`);
  return { kind: 'zookeeper', connectString: ensemble.slice(0, slash).split(',').map(hostAndPort).join(','), path, auth };
};

const parseUrl = (text: string): MasterAddress => {
  const url = URL.canParse(text) ? new URL(text) : refuse(`'${text}' is not a URL`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') refuse(`'${text}' has more than scheme, host and port`);
  return { kind: 'url', url: url.origin };
};

/**
 * Reads what Mesos's tools take as `--master`.
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
