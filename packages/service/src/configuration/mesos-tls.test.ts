import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMesosTls } from './mesos-tls.js';

const directory = mkdtempSync(join(tmpdir(), 'mesos-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const none = { mesosCaFile: undefined, mesosCertFile: undefined, mesosKeyFile: undefined };
const pem = '-----BEGIN SOMETHING-----\n';

describe('TLS towards Mesos', () => {
  it('is what the files hold; none set: none', () => {
    expect(readMesosTls(none)).toBeUndefined();
    expect(readMesosTls({ ...none, mesosCaFile: file('ca', pem) })).toEqual({ ca: Buffer.from(pem) });
    expect(readMesosTls({ ...none, mesosCertFile: file('cert', pem), mesosKeyFile: file('key', `${pem}k`) })).toEqual({
      cert: Buffer.from(pem),
      key: Buffer.from(`${pem}k`),
    });
  });

  it.each([
    [/MESOS_KEY_FILE/, { ...none, mesosCertFile: '/cert' }],
    [/MESOS_CERT_FILE/, { ...none, mesosKeyFile: '/key' }],
    [/MESOS_CA_FILE.*ENOENT/, { ...none, mesosCaFile: join(directory, 'missing') }],
    [/MESOS_CA_FILE.*empty/, { ...none, mesosCaFile: file('empty', '') }],
    [/MESOS_CA_FILE.*not in PEM/, { ...none, mesosCaFile: file('der', 'hidden') }],
    [/MESOS_CA_FILE.*1024 KiB/, { ...none, mesosCaFile: '/dev/zero' }],
  ])('names what is wrong: %s', (message, files) => {
    expect(() => readMesosTls(files)).toThrow(message);
    expect(() => readMesosTls(files)).not.toThrow(/hidden/);
  });
});
