import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** The last command that `make conformance` would run. */
const commandOf = async (...variables: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('make', ['-n', 'conformance', ...variables], { cwd: repository });
  return stdout.replaceAll('\\\n', ' ').trim().split('\n').at(-1) ?? '';
};

it('make conformance hands on where the faults are, and any option', async () => {
  const command = await commandOf(
    'MESOS_MASTER=m:1',
    'FAULTS_URL=http://f:1',
    `CONFORMANCE_OPTIONS=--patience 3 --hook-kill-agent 'ssh {} x'`,
  );
  expect(command).toMatch(/conformance +--master 'm:1' +--faults-url 'http:\/\/f:1' --patience 3 --hook-kill-agent 'ssh \{\} x'$/);
});

it('make conformance alone has a ZooKeeper for new clusters', async () => {
  expect(await commandOf()).toMatch(/ zookeeper -- node .* conformance +--zookeeper '\{\}' *$/);
});
