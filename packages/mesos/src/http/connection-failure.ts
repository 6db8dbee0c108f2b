/**
 * What is wrong with the TLS of a connection that could not be made. Time does not mend these, other settings or another certificate do:
 *
 * - `authority-unknown`: no authority that is trusted here signed the master's certificate
 * - `other-name`: the master's certificate is for another host name or address
 * - `expired`: the master's certificate is not valid now
 * - `certificate-wanted`: the master wants a certificate of the client, or not the one it was shown
 * - `no-tls`: the master speaks http
 * - `perhaps-tls`: asked by http, it closed the connection without an answer. So does a master that speaks https, but also one that just ends.
 */
export type TlsProblem = 'authority-unknown' | 'other-name' | 'expired' | 'certificate-wanted' | 'no-tls' | 'perhaps-tls';

/** Codes and texts of Node and OpenSSL, the first that fits counts. Alerts are what the other side says (RFC 8446, 6.2). */
const SIGNS: readonly (readonly [RegExp, TlsProblem])[] = [
  [/ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'other-name'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'expired'],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA/, 'authority-unknown'],
  [/wrong.version.number|packet.length.too.long/i, 'no-tls'],
  [/alert.(certificate|bad.certificate|handshake.failure|unknown.ca|access.denied|decrypt.error)/i, 'certificate-wanted'],
  [/socket hang up|^HPE_/, 'perhaps-tls'],
];

/** What OpenSSL says stands between its own file names and numbers. */
const OPENSSL = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/;

export interface ConnectionFailure {
  readonly reason: string;
  /** Absent when it is not TLS that failed. */
  readonly tlsProblem?: TlsProblem;
}

/** Why a connection to a master failed that was asked by `scheme`. */
export const connectionFailure = (error: unknown, scheme: 'http' | 'https'): ConnectionFailure => {
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const reason = OPENSSL.exec(message)?.[1] ?? message;
  const problem = SIGNS.find(([sign]) => sign.test(code) || sign.test(message))?.[1];
  return problem !== undefined && (problem === 'perhaps-tls') === (scheme === 'http') ? { reason, tlsProblem: problem } : { reason };
};
