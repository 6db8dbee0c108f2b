// What the master checks of a command (src/common/validation.cpp: validateCommandInfo, validateEnvironment, validateSecret).
import type { CommandInfo, Environment, Secret } from '../../../generated/protocol.js';

const secretError = ({ type, reference, value }: Secret): string | undefined => {
  if (type === 'REFERENCE') {
    if (reference === undefined) return `Secret of type REFERENCE must have the 'reference' field set`;
    if (value !== undefined) return `Secret '${reference.name}' of type REFERENCE must not have the 'value' field set`;
  }
  if (type === 'VALUE') {
    if (value === undefined) return `Secret of type VALUE must have the 'value' field set`;
    if (reference !== undefined) return `Secret of type VALUE must not have the 'reference' field set`;
  }
  return undefined;
};

const variableError = ({ name, type = 'VALUE', value, secret }: Environment.Variable): string | undefined => {
  const because = (problem: string): string => `Environment variable '${name}' ${problem}`;
  if (type === 'UNKNOWN') return `Environment variable of type 'UNKNOWN' is not allowed`;
  if (type === 'VALUE') {
    if (value === undefined) return because(`of type 'VALUE' must have a value set`);
    return secret === undefined ? undefined : because(`of type 'VALUE' must not have a secret set`);
  }
  if (secret === undefined) return because(`of type 'SECRET' must have a secret set`);
  if (value !== undefined) return because(`of type 'SECRET' must not have a value set`);
  const error = secretError(secret);
  if (error !== undefined) return because(`specifies an invalid secret: ${error}`);
  if (Buffer.from(secret.value?.data ?? '', 'base64').includes(0))
    return because('specifies a secret containing null bytes, which is not allowed in the environment');
  return undefined;
};

/** Why the command is invalid, in Mesos's words; undefined when it is valid. */
export function commandError(command: CommandInfo): string | undefined {
  for (const variable of command.environment?.variables ?? []) {
    const error = variableError(variable);
    if (error !== undefined) return error;
  }
  return undefined;
}
