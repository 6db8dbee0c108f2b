/** For masters whose URL is https; each in PEM. What is absent is Node's default. */
export interface TlsSettings {
  /** The authorities whose certificates a master may show. */
  readonly ca?: string | Buffer | undefined;
  /** What this client shows a master that asks for it (Mesos: LIBPROCESS_SSL_REQUIRE_CLIENT_CERT). */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}
