import { setTimeout as delay } from 'node:timers/promises';

const RETRY_PAUSE_MS = 20;

const codes = [
  'NO_NODE',
  'NODE_EXISTS',
  'BAD_VERSION',
  'NOT_EMPTY',
  'NO_CHILDREN_FOR_EPHEMERALS',
  'CONNECTION_LOSS',
  'SESSION_EXPIRED',
  'AUTH_FAILED',
  'NO_AUTH',
  'BAD_ARGUMENTS',
  'OTHER',
] as const;

export type ZooKeeperErrorCode = (typeof codes)[number];

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

export const hasCode = (error: unknown, ...wanted: readonly ZooKeeperErrorCode[]): boolean =>
  error instanceof ZooKeeperError && wanted.includes(error.code);

/** What the client library reports, as a ZooKeeperError that says what was tried. */
export const zookeeperErrorOf = (error: unknown, what: string): ZooKeeperError => {
  if (error instanceof ZooKeeperError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'AssertionError' || name.startsWith('AssertionError')) return new ZooKeeperError('BAD_ARGUMENTS', `${what}: ${message}`);
  const code = codes.find((each) => each === name) ?? 'OTHER';
  return new ZooKeeperError(code, `${what}: ${code === 'OTHER' ? message : name}`);
};

/** For operations that may be done twice: repeats until nothing was lost on the way. Ends with the session at the latest. */
export const retryOnConnectionLoss = async <T>(operation: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!hasCode(error, 'CONNECTION_LOSS')) throw error;
      await delay(RETRY_PAUSE_MS);
    }
  }
};
