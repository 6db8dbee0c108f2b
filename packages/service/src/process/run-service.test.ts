import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '@streams-on-mesos/local-environment/testing/bundle-program';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'run-service-'));
const service = join(directory, 'main.mjs');

beforeAll(() => bundleProgram(join(import.meta.dirname, '../testing/test-service.ts'), service));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the service; `onRunning` is called once it has logged that it runs. */
const run = (args: string[], onRunning: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [service, ...args], { env: { PATH: process.env['PATH'] }, cwd: directory });
    let stdout = '';
    let stderr = '';
    let running = false;
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (!running && stdout.includes('"msg":"running"')) {
        running = true;
        onRunning((signal) => child.kill(signal));
      }
    });
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const messages = ({ stdout }: Ended): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

describe('the process of a service', () => {
  it('prints help with its own settings and those of the frame, and its version', async () => {
    const help = await run(['--count', 'x', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/--count <value>[^]*COUNT; default: 1/);
    expect(help.stdout).toMatch(/--log-level-amqp/);
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: 'test-service 1.2.3\n' });
  });

  it('ends with 2 and one line when the configuration is bad', async () => {
    const ended = await run(['--count', 'many']);
    expect(ended).toEqual({ code: 2, stdout: '', stderr: 'test-service: --count = "many": must be a whole number\n' });
  });

  it('ends with 2 when only running shows that the configuration is bad', async () => {
    const ended = await run(['--act', '4']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^test-service: HTTP_HOST = "0.0.0.0".*API_TOKEN_FILE/);
  });

  it('stops gracefully on SIGTERM', async () => {
    const ended = await run(['--count=3'], (kill) => kill('SIGTERM'));
    expect(ended.code).toBe(0);
    expect(ended.stderr).toBe('');
    expect(messages(ended)).toEqual(['starting', 'running', 'warning of the runtime', 'stopping', 'stopped']);
    expect(JSON.parse(ended.stdout.split('\n')[1] ?? '')).toMatchObject({ count: 3, service: 'test-service' });
  });

  it('ends at once on a second signal', async () => {
    const ended = await run(['--act', '3'], (kill) => {
      kill('SIGTERM');
      kill('SIGINT');
    });
    expect(ended.code).toBe(1);
    expect(messages(ended).at(-1)).toMatch(/second time/);
  });

  it('ends by itself when stopping takes too long', async () => {
    const ended = await run(['--act', '3'], (kill) => kill('SIGTERM'));
    expect(ended.code).toBe(1);
    expect(messages(ended).at(-1)).toMatch(/did not stop in time/);
  });

  it.each([1, 2])('logs what nobody caught, without passwords, and ends with 1 (%i)', async (act) => {
    const ended = await run(['--act', String(act)]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/"level":"fatal"/);
    expect(ended.stdout + ended.stderr).not.toContain('topsecret');
  });
});
