import type { ProtocolErrors } from './protocol-error.js';

export type CustomCommand = { readonly command: 'getresourcestate'; readonly long: boolean } | { readonly command: 'getversion' };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the text of a custom command: a JSON object whose `command` names it. @throws ProtocolError CDISR6011E */
export const parseCustomCommand = (commandData: string, errors: ProtocolErrors): CustomCommand => {
  let data: unknown;
  try {
    data = JSON.parse(commandData);
  } catch (cause) {
    throw errors.customCommandFailed(`the command is not JSON (${(cause as Error).message})`);
  }
  if (!isObject(data)) throw errors.customCommandFailed('the command must be a JSON object such as {"command":"getresourcestate"}');
  switch (data['command']) {
    case 'getresourcestate':
      return { command: 'getresourcestate', long: String(data['long']) === 'true' };
    case 'getversion':
      return { command: 'getversion' };
    case undefined:
      throw errors.customCommandFailed('the field command is missing; known commands: getresourcestate, getversion');
    default:
      throw errors.customCommandFailed(`Unknown command: ${String(data['command'])}; known commands: getresourcestate, getversion`);
  }
};
