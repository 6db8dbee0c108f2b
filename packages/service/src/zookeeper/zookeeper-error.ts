export type ZooKeeperErrorCode =
  | 'NO_NODE'
  | 'NODE_EXISTS'
  | 'BAD_VERSION'
  | 'NOT_EMPTY'
  | 'NO_CHILDREN_FOR_EPHEMERALS'
  | 'CONNECTION_LOSS'
  | 'SESSION_EXPIRED'
  | 'AUTH_FAILED'
  | 'NO_AUTH'
  | 'BAD_ARGUMENTS'
  | 'OTHER';

/** After CONNECTION_LOSS nobody knows whether the operation was done; after SESSION_EXPIRED use the next session. */
export class ZooKeeperError extends Error {
  override readonly name = 'ZooKeeperError';

  constructor(
    readonly code: ZooKeeperErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const hasCode = (error: unknown, ...codes: readonly ZooKeeperErrorCode[]): boolean =>
  error instanceof ZooKeeperError && codes.includes(error.code);
