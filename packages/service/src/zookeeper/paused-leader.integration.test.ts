import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '@streams-on-mesos/local-environment';
import { bundleProgram } from '@streams-on-mesos/local-environment/testing/bundle-program';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';

interface Said {
  readonly event: 'won' | 'lost';
  readonly term: number;
  readonly write?: string;
}

const directory = mkdtempSync(join(tmpdir(), 'campaigner-'));
const campaigner = join(directory, 'main.mjs');
const ends: (() => void)[] = [];

beforeAll(() => bundleProgram(join(import.meta.dirname, '../testing/test-campaigner.ts'), campaigner));

afterAll(() => {
  for (const end of ends) end();
  rmSync(directory, { recursive: true, force: true });
});

const start = (connectString: string): { said: Said[]; kill: (signal: NodeJS.Signals) => void } => {
  const child = spawn(process.execPath, [campaigner, connectString, '/election'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  ends.push(() => child.kill('SIGKILL'));
  return { said, kill: (signal) => child.kill(signal) };
};

it('a leader that was paused steps down when it goes on, and can write nothing any more', async () => {
  const connectString = `${inject('zookeeper')}/test-${randomUUID()}`;
  const paused = start(connectString);
  await until('the first to lead', 20_000, () => paused.said.length === 1);
  const other = start(connectString);

  paused.kill('SIGSTOP');
  await until('the other to lead', 20_000, () => other.said.length === 1);
  paused.kill('SIGCONT');
  await until('the first to step down', 20_000, () => paused.said.length === 2);

  const [won, lost] = paused.said;
  expect(lost).toEqual({ event: 'lost', term: won?.term, write: 'SESSION_EXPIRED' });
  expect(other.said).toEqual([{ event: 'won', term: expect.any(Number) }]);
  expect(other.said[0]?.term).toBeGreaterThan(won?.term ?? Infinity);
});
