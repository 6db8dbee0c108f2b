import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from './testing/cli.js';

describe('the command line', () => {
  it('shows its help, without arguments too', async () => {
    const help = await cli(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of [
      'status',
      'getresourcestate',
      'config',
      'allocate',
      'release',
      'cancel',
      'marathon',
      'tail',
      'reconcile',
      'teardown',
      'requests',
      'explain',
      'agents',
      'return-agent',
      'events',
      'resolve',
      'execute',
      'version',
    ]) {
      expect(help.stdout).toContain(`  ${command}`);
    }
    expect(await cli([])).toEqual(help);
  });

  it('tells the version', async () => {
    expect(await cli(['version'])).toEqual({ code: 0, stdout: 'streams-on-mesos 1.2.3\n', stderr: '' });
    expect(JSON.parse((await cli(['version', '--json'])).stdout)).toEqual({ version: '1.2.3' });
    expect((await cli(['--version'])).stdout).toBe('1.2.3\n');
  });

  it.each([
    [['frobnicate'], /unknown command/],
    [['status', '--frobnicate'], /unknown option/],
    [['config', 'set'], /--num-of-node/],
    [['config', 'set', '--num-of-node', '-1'], /whole number/],
    [['config', 'set', '--num-of-node', '1.5'], /whole number/],
    [['config', 'set', '--num-of-node', 'abc'], /'abc'.*whole number.*NUM_OF_NODE/],
    [['teardown', 'x'], /--yes/],
    [['teardown', 'x', '--secret-file', '/x', '--yes'], /--principal/],
    [['teardown', 'x', '--ca-file', '/nonexistent', '--yes'], /MESOS_CA_FILE.*ENOENT/],
    [['execute', '--name', 'x', '--command', 'x', '--cert-file', '/x'], /MESOS_KEY_FILE/],
    [['config', 'set', '--num-of-node', '1', '--cpu-of-node', 'many'], /must be a number/],
    [['allocate', '--count', '1', '--type', 'LATER'], /SYNCHRONOUS/],
    [['allocate', '--count', '1', '--tag', ':x'], /--tag :x/],
    [['release'], /--all/],
    [['release', 'resource_0', '--all'], /--all/],
    [['--zookeeper', 'a b', 'status'], /host:port/],
    [['reconcile'], /--kill/],
    [['reconcile', '--kill'], /--yes/],
    [['resolve'], /MESOS_MASTER/],
    [['resolve', 'zk://nowhere'], /zk:\/\/ needs the path/],
    [['marathon', 'submit', '/nonexistent.json'], /\/nonexistent\.json.*ENOENT/],
    [['marathon', 'submit', 'x.json', '--env', 'A'], /NAME=VALUE/],
  ])('ends with 2 and says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('ends with 2 when the environment cannot be understood', async () => {
    expect(await cli(['status'], { ZOOKEEPER: 'a b' })).toMatchObject({ code: 2, stderr: expect.stringContaining('ZOOKEEPER') as string });
    const noToken = await cli(['status'], { API_TOKEN_FILE: '/nonexistent' });
    expect(noToken).toMatchObject({ code: 2, stderr: expect.stringContaining('API_TOKEN_FILE') as string });
  });

  it('names the placeholders that have no value before it sends anything', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cli-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'app.json');
    writeFileSync(file, '{"id":"a","cmd":"${ARTIFACT_BASE} ${MISSING} ${GIVEN}"}');
    const args = ['marathon', 'submit', file, '--artifact-base', 'http://h', '--env', 'GIVEN=1', '--marathon-url', 'http://127.0.0.1:1'];
    expect(await cli(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('no value for MISSING:') as string });
  });

  it('resolves the master, given or from the environment', async () => {
    expect(await cli(['resolve', 'http://m:5050'])).toEqual({ code: 0, stdout: 'http://m:5050\n', stderr: '' });
    expect(await cli(['resolve'], { MESOS_MASTER: 'm:5050' })).toMatchObject({ code: 0, stdout: 'http://m:5050\n' });
    const nobody = await cli(['resolve', 'zk://u:topsecret@127.0.0.1:1/mesos', '--timeout', '0.2']);
    expect(nobody).toMatchObject({ code: 1, stderr: 'streams-on-mesos: no master leads at zk://127.0.0.1:1/mesos (waited 0.2 s)\n' });
  });

  it('ends with 1 and the reason when who must answer is away', async () => {
    const away = { ALLOCATION_URL: 'http://127.0.0.1:1', BRIDGE_URL: 'http://127.0.0.1:1' };
    for (const args of [
      ['resources'],
      ['getresourcestate'],
      ['config', 'get'],
      ['config', 'set', '--num-of-node', '1', '--timeout', '0.2'],
    ]) {
      expect(await cli(args, away)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/127\.0\.0\.1:1/) as string });
    }
  });
});
