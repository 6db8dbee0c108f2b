import type { Workload } from '@streams-on-mesos/messages';
import { checkFault, healthCheckFault } from './task-checks.js';
import { containerFault } from './container-check.js';
import { countFault, fault, firstFault, textFault, type Fault } from './fault.js';

/** Linux takes no argument or variable above 128 KiB (MAX_ARG_STRLEN), and the command is one argument of a shell. */
const MAX_ARGUMENT_BYTES = 100_000;
const MAX_VARIABLES = 1_000;
const MAX_URIS = 100;
const MAX_URI_LENGTH = 4_096;
const MAX_USER_LENGTH = 256;
const MAX_GRACE_SECS = 86_400;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const argumentFault = (field: string, text: string): Fault | undefined => {
  if (text.includes('\0')) return { field, message: `${field} contains a NUL character: leave it out` };
  const bytes = bytesOf(text);
  return bytes <= MAX_ARGUMENT_BYTES
    ? undefined
    : { field, message: `${field} has ${bytes} bytes: give at most ${MAX_ARGUMENT_BYTES}, and fetch what is larger by URI` };
};

const commandFault = ({ command, deferred }: Workload): Fault | undefined => {
  const field = 'workload.command';
  if (deferred === true) {
    return command === '' ? undefined : fault(field, command, 'leave it empty, since workload.deferred has it asked for later');
  }
  if (command.trim() === '') return { field, message: `${field} is empty: give a shell command, or set workload.deferred` };
  return argumentFault(field, command);
};

const variableFault = ([name, value]: readonly [string, string]): Fault | undefined => {
  const field = 'workload.environment';
  if (name === '' || /[=\0]/.test(name)) return fault(field, name, 'give each variable a name without "=" and NUL');
  return argumentFault(`${field}.${name.slice(0, 80)}`, value);
};

const graceFault = (grace: number | undefined): Fault | undefined =>
  grace === undefined || (grace >= 0 && grace <= MAX_GRACE_SECS)
    ? undefined
    : fault('workload.kill_grace_seconds', grace, `give a number from 0 to ${MAX_GRACE_SECS}`);

/** Why nothing can run like that; undefined: it can. */
export const workloadFault = (workload: Workload): Fault | undefined => {
  const variables = Object.entries(workload.environment ?? {});
  return (
    commandFault(workload) ??
    countFault('workload.environment', variables, MAX_VARIABLES) ??
    firstFault(variables, variableFault) ??
    countFault('workload.uris', workload.uris, MAX_URIS) ??
    firstFault(workload.uris, ({ value }, index) => textFault(`workload.uris[${index}].value`, value, MAX_URI_LENGTH)) ??
    (workload.user === undefined ? undefined : textFault('workload.user', workload.user, MAX_USER_LENGTH)) ??
    graceFault(workload.kill_grace_seconds) ??
    (workload.container === undefined ? undefined : containerFault(workload.container)) ??
    (workload.check === undefined ? undefined : checkFault(workload.check)) ??
    (workload.health_check === undefined ? undefined : healthCheckFault(workload.health_check))
  );
};
