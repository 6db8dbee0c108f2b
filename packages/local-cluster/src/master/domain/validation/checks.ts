// What the master checks of checks and health checks (src/common/validation.cpp: validateCheckInfo, validateHealthCheck).
import type { CheckInfo, CommandInfo, HealthCheck } from '../../../generated/protocol.js';
import { commandError } from './command.js';

type Timing = 'delay_seconds' | 'grace_period_seconds' | 'interval_seconds' | 'timeout_seconds';

const timingError = (check: Partial<Record<Timing, number | undefined>>): string | undefined => {
  const timings: Timing[] = ['delay_seconds', 'grace_period_seconds', 'interval_seconds', 'timeout_seconds'];
  const negative = timings.find((field) => (check[field] ?? 0) < 0);
  return negative === undefined ? undefined : `Expecting '${negative}' to be non-negative`;
};

const commandCheckError = (command: CommandInfo, what: string, owner: string): string | undefined => {
  if (command.value === undefined) return `${what} must contain ${(command.shell ?? true) ? `'shell command'` : `'executable path'`}`;
  const error = commandError(command);
  return error === undefined ? undefined : `${owner}'s \`CommandInfo\` is invalid: ${error}`;
};

const pathError = (path: string | undefined, what: string): string | undefined =>
  path === undefined || path.startsWith('/') ? undefined : `The path '${path}' of ${what} must start with '/'`;

const healthKindError = (check: HealthCheck): string | undefined => {
  const expecting = (field: string): string => `Expecting '${field}' to be set for ${check.type} health check`;
  switch (check.type) {
    case undefined:
      return `HealthCheck must specify 'type'`;
    case 'COMMAND':
      return check.command === undefined ? expecting('command') : commandCheckError(check.command, 'Command health check', 'Health check');
    case 'HTTP': {
      if (check.http === undefined) return expecting('http');
      const { scheme = 'http', path } = check.http;
      if (scheme !== 'http' && scheme !== 'https') return `Unsupported HTTP health check scheme: '${scheme}'`;
      return pathError(path, 'HTTP health check');
    }
    case 'TCP':
      return check.tcp === undefined ? expecting('tcp') : undefined;
    case 'UNKNOWN':
      return `'UNKNOWN' is not a valid health check type`;
  }
};

const checkKindError = (check: CheckInfo): string | undefined => {
  const expecting = (field: string): string => `Expecting '${field}' to be set for ${check.type} check`;
  switch (check.type) {
    case undefined:
      return `CheckInfo must specify 'type'`;
    case 'COMMAND':
      return check.command === undefined ? expecting('command') : commandCheckError(check.command.command, 'Command check', 'Check');
    case 'HTTP':
      return check.http === undefined ? expecting('http') : pathError(check.http.path, 'HTTP check');
    case 'TCP':
      return check.tcp === undefined ? expecting('tcp') : undefined;
    case 'UNKNOWN':
      return `'UNKNOWN' is not a valid check type`;
  }
};

/** Why the health check is invalid, in Mesos's words; undefined when it is valid. */
export const healthCheckError = (check: HealthCheck): string | undefined => healthKindError(check) ?? timingError(check);

/** Why the check is invalid, in Mesos's words; undefined when it is valid. */
export const checkError = (check: CheckInfo): string | undefined => checkKindError(check) ?? timingError(check);

/** A health check without type has the type of what it holds (master.cpp, Master::accept). */
export function withHealthCheckType(check: HealthCheck): HealthCheck {
  if (check.type !== undefined || (check.command === undefined) === (check.http === undefined)) return check;
  return { ...check, type: check.command === undefined ? 'HTTP' : 'COMMAND' };
}
