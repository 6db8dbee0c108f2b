import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settings } from '../settings.js';
import { shellWord, startCommand } from './start-command.js';

const values = {
  resourceType: 'mesos',
  domainId: 'StreamsDomain',
  zkConnect: 'zk1:2181,zk2:2181',
  installPath: '/opt/Streams 4',
  isMaster: false,
  tags: ['jmx', 'sws'],
};
const run = (command: string, env: Record<string, string>): string =>
  execFileSync('/bin/sh', ['-c', command], { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' });

describe('the start command', () => {
  it('gives the shell every value as one word', () => {
    const template = 'printf "%s|" {domainId} {zkConnect} {installPath} {isMaster} {tags} {resourceId} {displayName}';
    expect(run(startCommand(template, values), { RESOURCE_ID: 'resource_17' })).toBe(
      'StreamsDomain|zk1:2181,zk2:2181|/opt/Streams 4|false|jmx,sws|resource_17|mesos_resource_17|',
    );
  });

  it('takes the host from what the task is told', () => {
    expect(run(startCommand('echo {hostName}', values), { RESOURCE_HOST: 'agent 7' })).toBe('agent 7\n');
  });

  it("leaves the shell's own braces alone", () => {
    expect(startCommand('{ echo ${tags} {unknown} {constructor}; }', values)).toBe('{ echo ${tags} {unknown} {constructor}; }');
  });

  it('lets no value out of its word', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', '$', '`', '\\', ';', ' ', '\n', '{domainId}', 'a') }), (domainId) => {
        expect(startCommand('{domainId}', { ...values, domainId })).toBe(shellWord(domainId));
        return run(`printf %s ${shellWord(domainId)}`, {}) === domainId;
      }),
      { numRuns: 50 },
    );
  });

  it('has a default that says what it is and is a command line that a shell understands', () => {
    const command = startCommand(settings.startControllerCommand.default ?? '', values);
    expect(run(`sh -n -c ${shellWord(command)}; echo $?`, {})).toBe('0\n');
    expect(command).toContain('START_CONTROLLER_COMMAND is not set');
  });
});
