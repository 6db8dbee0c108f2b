import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkMaster } from './check-master.js';
import { readCredentials } from './credentials.js';

const directory = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('credentials', () => {
  it('are the principal and what the file holds, without its line break', () => {
    const file = join(directory, 'secret');
    writeFileSync(file, 'pa ss\n');
    expect(readCredentials({ mesosPrincipal: 'me', mesosSecretFile: file })).toEqual({ principal: 'me', secret: 'pa ss' });
    expect(readCredentials({ mesosPrincipal: 'me', mesosSecretFile: undefined })).toBeUndefined();
  });

  it('need a principal and a readable file', () => {
    expect(() => readCredentials({ mesosPrincipal: undefined, mesosSecretFile: '/x' })).toThrow(/MESOS_PRINCIPAL/);
    expect(() => readCredentials({ mesosPrincipal: 'me', mesosSecretFile: join(directory, 'none') })).toThrow(/MESOS_SECRET_FILE.*none/);
  });
});

describe('the address of the master', () => {
  it('is refused by name, and its password is not shown', () => {
    expect(() => checkMaster('zk://me:hidden@host:99999/mesos')).toThrow(/MESOS_MASTER.*99999/);
    expect(() => checkMaster('zk://me:hidden@host:99999/mesos')).not.toThrow(/hidden/);
    expect(() => checkMaster('zk://me:hidden@host:2181/mesos')).not.toThrow();
  });
});
