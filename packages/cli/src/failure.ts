/** What was asked for did not happen: exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** What was asked for cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whoever must answer is away or not ready; a later attempt may succeed. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
