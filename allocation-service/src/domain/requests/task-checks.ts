import type { CheckInfo, CommandInfo, HealthCheck } from '@streams-on-mesos/mesos';
import { fault, wholeNumberFault, type Fault } from './fault.js';

// Mesos, src/common/validation.cpp, validateCheckInfo and validateHealthCheck: what it would answer with TASK_ERROR is refused here.

const MAX_SECS = 86_400;
const kinds = ['command', 'http', 'tcp'] as const;

/** Exactly the message that the type names is there. */
const kindFault = (at: string, check: CheckInfo | HealthCheck): Fault | undefined => {
  const kind = kinds.find((name) => name.toUpperCase() === check.type);
  if (kind === undefined) return fault(`${at}.type`, check.type ?? 'missing', 'give COMMAND, HTTP or TCP');
  if (check[kind] === undefined) return { field: `${at}.${kind}`, message: `${at}.${kind} is missing: the type ${check.type} needs it` };
  const other = kinds.find((name) => name !== kind && check[name] !== undefined);
  return other === undefined
    ? undefined
    : { field: `${at}.${other}`, message: `${at}.${other} is set: leave it out, the type is ${check.type}` };
};

const commandFault = (at: string, command: CommandInfo | undefined): Fault | undefined =>
  command === undefined || (command.value ?? '').trim() !== ''
    ? undefined
    : { field: `${at}.value`, message: `${at}.value is empty: give a command` };

const portFault = (field: string, port: number | undefined): Fault | undefined => wholeNumberFault(field, port, 1, 65_535);

const pathFault = (field: string, path: string | undefined): Fault | undefined =>
  path === undefined || path.startsWith('/') ? undefined : fault(field, path, 'let it begin with /');

const secondsFault = (
  at: string,
  check: CheckInfo | (HealthCheck & { readonly grace_period_seconds?: number | undefined }),
): Fault | undefined => {
  const seconds = { grace_period_seconds: undefined, ...check };
  for (const name of ['delay_seconds', 'interval_seconds', 'timeout_seconds', 'grace_period_seconds'] as const) {
    const value = seconds[name];
    if (value !== undefined && !(value >= 0 && value <= MAX_SECS))
      return fault(`${at}.${name}`, value, `give a number from 0 to ${MAX_SECS}`);
  }
  return undefined;
};

/** Why Mesos would not check like that; undefined: it would. */
export const checkFault = (check: CheckInfo, at = 'workload.check'): Fault | undefined =>
  kindFault(at, check) ??
  commandFault(`${at}.command.command`, check.command?.command) ??
  portFault(`${at}.http.port`, check.http?.port) ??
  pathFault(`${at}.http.path`, check.http?.path) ??
  portFault(`${at}.tcp.port`, check.tcp?.port) ??
  secondsFault(at, check);

/** Why Mesos would not check the health like that; undefined: it would. */
export const healthCheckFault = (check: HealthCheck, at = 'workload.health_check'): Fault | undefined => {
  const scheme = check.http?.scheme;
  return (
    kindFault(at, check) ??
    commandFault(`${at}.command`, check.command) ??
    portFault(`${at}.http.port`, check.http?.port) ??
    pathFault(`${at}.http.path`, check.http?.path) ??
    (scheme === undefined || scheme === 'http' || scheme === 'https'
      ? undefined
      : fault(`${at}.http.scheme`, scheme, 'give http or https')) ??
    portFault(`${at}.tcp.port`, check.tcp?.port) ??
    wholeNumberFault(`${at}.consecutive_failures`, check.consecutive_failures, 0, 1_000_000) ??
    secondsFault(at, check)
  );
};
