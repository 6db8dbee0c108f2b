import { describe, expect, it } from 'vitest';
import { parseCustomCommand } from './custom-command.js';
import { ProtocolErrors } from './protocol-error.js';

const parse = (commandData: string) => parseCustomCommand(commandData, new ProtocolErrors('mesos'));

describe('a custom command', () => {
  it('is getresourcestate, short or long, or getversion', () => {
    expect(parse('{"command":"getresourcestate"}')).toEqual({ command: 'getresourcestate', long: false });
    expect(parse('{"command":"getresourcestate","long":"true"}')).toEqual({ command: 'getresourcestate', long: true });
    expect(parse('{"command":"getresourcestate","long":true}')).toEqual({ command: 'getresourcestate', long: true });
    expect(parse('{"command":"getversion"}')).toEqual({ command: 'getversion' });
  });

  it.each([
    ['getresourcestate', /not JSON/],
    ['"getresourcestate"', /JSON object/],
    ['[]', /JSON object/],
    ['null', /JSON object/],
    ['{}', /command is missing/],
    ['{"command":"quiesce"}', /Unknown command: quiesce/],
  ])('refuses %s with CDISR6011E', (commandData, message) => {
    expect(() => parse(commandData)).toThrow(message);
    expect(() => parse(commandData)).toThrow(expect.objectContaining({ status: 502, key: 'ERR_CUSTOM_COMMAND_FAILED' }) as Error);
  });
});
