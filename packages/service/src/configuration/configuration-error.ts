/** A value that cannot be used; the message names the field, the value (unless it is secret) and the remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(
    readonly field: string,
    readonly value: string | undefined,
    readonly remedy: string,
  ) {
    super(value === undefined ? `${field}: ${remedy}` : `${field} = ${JSON.stringify(value)}: ${remedy}`);
  }
}
