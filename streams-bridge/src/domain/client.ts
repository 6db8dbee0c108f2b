import type { ProtocolErrors } from './protocol-error.js';

/** Who asks; the other fields of the original's ClientInfo are of no consequence here. */
export interface ClientInfo {
  readonly clientId: string;
  readonly clientName?: string | undefined;
  readonly domainId?: string | undefined;
  readonly zkConnect?: string | undefined;
  readonly installPath?: string | undefined;
}

/** The one domain that this resource manager serves; what is absent is not compared. */
export interface ServedDomain {
  readonly domainId?: string | undefined;
  readonly zkConnect?: string | undefined;
}

/** @throws ProtocolError 409 when the client belongs to another domain or another ZooKeeper ensemble */
export const checkServedDomain = (client: ClientInfo, served: ServedDomain, errors: ProtocolErrors): void => {
  const check = (name: 'domainId' | 'zkConnect', setting: string): void => {
    if (served[name] === undefined || client[name] === undefined || served[name] === client[name]) return;
    throw errors.conflict(
      `client.${name} is ${client[name]} but this resource manager serves ${served[name]} (${setting})`,
      `client.${name}`,
    );
  };
  check('domainId', 'STREAMS_DOMAIN_ID');
  check('zkConnect', 'STREAMS_ZKCONNECT');
};
