import type { MasterInfo } from '../generated/protocol.js';

/** What a master knows of the election (master.cpp: elected(), leader, recovered). */
export interface Standing {
  /** It is the one that was elected. */
  readonly leading: boolean;
  /** It is, but has not yet read its registry. */
  readonly recovering: boolean;
  /** host:port of the leader, as far as it is known. */
  readonly leader: string | undefined;
}

export interface Leadership {
  current(): Standing;
}

/** host:port, as it stands in a redirection (master/http.cpp, redirect). */
export const addressOf = ({ hostname, address, port }: MasterInfo): string => `${hostname ?? address?.hostname ?? ''}:${port}`;
