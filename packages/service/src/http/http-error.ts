/** What an error body may hold besides the message; the keys are those of Streams's error catalogue. */
export interface HttpErrorDetails {
  readonly exception?: string;
  readonly key?: string;
  readonly code?: string;
  readonly args?: readonly (string | number)[];
  readonly field?: string;
}

/** Thrown by a route: answered with its status and `{error: {message, …details}}`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    message: string,
    readonly details: HttpErrorDetails = {},
  ) {
    super(message);
  }
}
