import type { Request } from 'express';
import { absoluteAppId } from '../domain/app-id.js';

/** The parts of what a wildcard matched; empty ones, of double slashes, don't count. */
export const segmentsOf = (rest: string | readonly string[] | undefined): string[] =>
  (typeof rest === 'string' ? rest.split('/') : [...(rest ?? [])]).filter(Boolean);

/** What of an app a path under /v2/apps means; app ids hold slashes themselves. */
export type Target =
  | { readonly of: 'app' | 'tasks' | 'restart'; readonly appId: string }
  | { readonly of: 'task'; readonly appId: string; readonly taskId: string };

export function targetOf(request: Request): Target {
  const path = segmentsOf(request.params['rest']);
  const last = path.at(-1) ?? '';
  if (path.at(-2) === 'tasks') return { of: 'task', appId: absoluteAppId(path.slice(0, -2).join('/')), taskId: last };
  if (last === 'tasks' || last === 'restart') return { of: last, appId: absoluteAppId(path.slice(0, -1).join('/')) };
  return { of: 'app', appId: absoluteAppId(path.join('/')) };
}
