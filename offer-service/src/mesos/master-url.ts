import type { MasterInfo } from '@streams-on-mesos/mesos';

/** Where a master says it is, or undefined when it says nothing of use. */
export const masterUrl = ({ address, hostname, port }: MasterInfo): string | undefined => {
  const host = address?.hostname ?? address?.ip ?? hostname;
  return host === undefined ? undefined : `http://${host.includes(':') ? `[${host}]` : host}:${address?.port ?? port ?? 5050}`;
};
