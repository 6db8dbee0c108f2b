/** Where to look for the leading master. */
export type MasterAddress =
  | {
      readonly kind: 'zookeeper';
      /** `host:port,host:port` */
      readonly connectString: string;
      /** The node that the masters register under, `/mesos` for example. */
      readonly path: string;
      /** For digest authentication: `user:password`. */
      readonly auth?: string | undefined;
    }
  /** Masters of one cluster; any of them knows the leader. */
  | { readonly kind: 'list'; readonly urls: readonly string[] }
  | { readonly kind: 'url'; readonly url: string };

export class MasterAddressError extends Error {
  override readonly name = 'MasterAddressError';
}

export const parseMasterAddress = (_text: string, _scheme: 'http' | 'https' = 'http'): MasterAddress => {
  throw new MasterAddressError('not built yet');
};
