/** `zk://[user:password@]host:port[,…]/path` (include/mesos/zookeeper/url.hpp). */
export interface ZooKeeperUrl {
  /** host:port,… */
  readonly servers: string;
  /** Without a slash at its end. */
  readonly path: string;
  /** `user:password`, by which it authenticates (scheme digest). */
  readonly credentials?: string | undefined;
}

/** @throws Error naming what is wrong, without the password */
export const parseZooKeeperUrl = (text: string): ZooKeeperUrl => {
  const match = /^zk:\/\/(?:([^/\s]*)@)?([^/@\s]+)(\/[^\s]+)$/.exec(text);
  const [, credentials, servers = '', path = ''] = match ?? [];
  if (match === null || !servers.split(',').every((server) => /^[^:]+(:\d{1,5})?$|^\[[^\]]+\]:\d{1,5}$/.test(server)))
    throw new Error(
      `--zk: '${text.replace(/\/\/[^/]*@/, '//…@')}' cannot be understood: expected zk://[user:password@]host:port[,host:port]/path, as in zk://localhost:2181/mesos`,
    );
  if (credentials !== undefined && !/^[^:]+:./.test(credentials))
    throw new Error(`--zk: what stands before '@' is no user:password; leave it out for a ZooKeeper that asks for none`);
  return { servers, path: path.replace(/\/+$/, ''), credentials };
};
