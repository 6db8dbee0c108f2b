/** State was written by a newer release: it is left as it is, and this instance must not lead. */
export class FutureStateError extends Error {
  override readonly name = 'FutureStateError';

  /** `what`: up to its version, as in "/journal/0000000001 has format version". */
  constructor(what: string, version: unknown, newest: number) {
    super(
      `${what} ${String(version)}, this release reads up to ${newest}: start the release that wrote it, or a newer one; nothing was changed`,
    );
  }
}
