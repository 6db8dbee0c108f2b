import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMesosTls, withTlsRemedy } from './mesos-tls.js';

const directory = mkdtempSync(join(tmpdir(), 'mesos-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string | Buffer): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
const none = { mesosCaFile: undefined, mesosCertFile: undefined, mesosKeyFile: undefined };
const pem = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../mesos/testdata/tls', name));
const [ca, cert, key] = [pem('ca.pem'), pem('client.pem'), pem('client.key')];

describe('TLS towards Mesos', () => {
  it('is what the files hold; none set: none', () => {
    expect(readMesosTls(none)).toBeUndefined();
    const [mesosCaFile, mesosCertFile, mesosKeyFile] = [file('ca', ca), file('cert', cert), file('key', key)];
    expect(readMesosTls({ ...none, mesosCaFile })).toEqual({ ca });
    expect(readMesosTls({ mesosCaFile, mesosCertFile, mesosKeyFile })).toEqual({ ca, cert, key });
  });

  it.each([
    [/MESOS_KEY_FILE/, { ...none, mesosCertFile: '/cert' }],
    [/MESOS_CERT_FILE/, { ...none, mesosKeyFile: '/key' }],
    [/MESOS_CA_FILE.*ENOENT/, { ...none, mesosCaFile: join(directory, 'missing') }],
    [/MESOS_CA_FILE.*empty/, { ...none, mesosCaFile: file('empty', '') }],
    [/MESOS_CA_FILE.*not in PEM/, { ...none, mesosCaFile: file('der', 'hidden') }],
    [/MESOS_CA_FILE.*1024 KiB/, { ...none, mesosCaFile: '/dev/zero' }],
    [/MESOS_CA_FILE.*no certificate/, { ...none, mesosCaFile: file('no-ca', key) }],
    [/MESOS_CERT_FILE.*no certificate/, { ...none, mesosCertFile: file('no-cert', key), mesosKeyFile: file('its-key', key) }],
    [/MESOS_KEY_FILE.*no key/, { ...none, mesosCertFile: file('its-cert', cert), mesosKeyFile: file('no-key', cert) }],
    [
      /MESOS_KEY_FILE.*not that of MESOS_CERT_FILE/,
      { ...none, mesosCertFile: file('mine', cert), mesosKeyFile: file('other', pem('master.key')) },
    ],
  ])('names what is wrong: %s', (message, files) => {
    expect(() => readMesosTls(files)).toThrow(message);
    expect(() => readMesosTls(files)).not.toThrow(/hidden/);
  });

  it('has a remedy for each problem, and adds nothing to what is none', () => {
    for (const tlsProblem of ['authority-unknown', 'certificate-wanted', 'perhaps-tls', 'no-tls'])
      expect(withTlsRemedy({ reason: 'why', tlsProblem })).toEqual({
        reason: 'why',
        tlsProblem,
        remedy: expect.stringMatching(/MESOS_C/) as string,
      });
    expect(withTlsRemedy({ reason: 'why' })).toEqual({ reason: 'why' });
  });
});
