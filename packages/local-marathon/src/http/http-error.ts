import type { z } from 'zod';
import type { Problem } from '../domain/app-validation.js';
import type { Refusal } from '../domain/commands.js';

/** An answer that is an error, in Marathon's form: a message and, where fields are to blame, details. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    message: string,
    readonly details?: readonly { readonly path: string; readonly errors: readonly string[] }[],
  ) {
    super(message);
  }
}

export const unknownApp = (appId: string): HttpError => new HttpError(404, `App '${appId}' does not exist`);

export const unknownTask = (taskId: string): HttpError => new HttpError(404, `Task '${taskId}' does not exist`);

export const invalid = (problems: readonly Problem[], status = 422, message = 'Object is not valid'): HttpError => {
  const byPath = new Map<string, string[]>();
  for (const { path, message: text } of problems) byPath.set(path, [...(byPath.get(path) ?? []), text]);
  return new HttpError(
    status,
    message,
    [...byPath].map(([path, errors]) => ({ path, errors })),
  );
};

export function refusal(refused: Refusal): HttpError {
  switch (refused.refused) {
    case 'exists':
      return new HttpError(409, `An app with id [${refused.appId}] already exists.`);
    case 'unknown-app':
      return unknownApp(refused.appId);
    case 'invalid':
      return invalid(refused.problems);
  }
}

/** A value of the wrong type is 400, as in Marathon; one out of range 422. */
export function schemaError({ issues }: z.ZodError): HttpError {
  const problems = issues.map(({ path, message }) => ({ path: pathText(path), message }));
  const malformed = issues.some(({ code }) => code === 'invalid_type');
  return malformed ? invalid(problems, 400, 'Invalid JSON') : invalid(problems);
}

/** ["healthChecks", 0, "path"] → "/healthChecks(0)/path" */
const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `(${part})` : `/${String(part)}`)).join('') || '/';
