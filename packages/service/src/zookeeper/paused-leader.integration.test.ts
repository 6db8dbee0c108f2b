import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bundle, type Bundle } from '../test-support/bundle.js';
import { eventually } from '../test-support/eventually.js';

interface Said {
  readonly event: 'won' | 'lost';
  readonly term: number;
  readonly write?: string;
}

let campaigner: Bundle;
const ends: (() => void)[] = [];

beforeAll(async () => {
  campaigner = await bundle('test-campaigner.ts');
});

afterAll(() => {
  for (const end of ends) end();
  campaigner.remove();
});

const start = (connectString: string): { said: Said[]; kill: (signal: NodeJS.Signals) => void } => {
  const child = spawn(process.execPath, [campaigner.file, connectString, '/election'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as Said));
  ends.push(() => child.kill('SIGKILL'));
  return { said, kill: (signal) => child.kill(signal) };
};

it('a leader that was paused steps down when it goes on, and can write nothing any more', async () => {
  const connectString = `${inject('zookeeper')}/test-${randomUUID()}`;
  const paused = start(connectString);
  await eventually('the first to lead', () => paused.said.length === 1);
  const other = start(connectString);

  paused.kill('SIGSTOP');
  await eventually('the other to lead', () => other.said.length === 1);
  paused.kill('SIGCONT');
  await eventually('the first to step down', () => paused.said.length === 2);

  const [won, lost] = paused.said;
  expect(lost).toEqual({ event: 'lost', term: won?.term, write: 'SESSION_EXPIRED' });
  expect(other.said).toEqual([{ event: 'won', term: expect.any(Number) }]);
  expect(other.said[0]?.term).toBeGreaterThan(won?.term ?? Infinity);
});
