import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, startPart, until, type Part } from '@streams-on-mesos/local-environment';
import { build } from 'esbuild';

const sources = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Makes one file of the service, as it is run in production. Returns its path. */
export const bundleService = async (directory: string): Promise<string> => {
  const outfile = join(directory, 'allocation-service.mjs');
  await build({
    entryPoints: [join(sources, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    banner: { js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
};

export interface ReadinessAnswer {
  readonly status: number;
  readonly role?: string;
  readonly reasons?: readonly string[];
}

/** allocation-service as a process of its own. */
export class AllocationProcess {
  private constructor(
    readonly part: Part,
    readonly url: string,
  ) {}

  static async start(bundle: string, env: Record<string, string>): Promise<AllocationProcess> {
    const port = (await freePorts(1))[0];
    const url = `http://127.0.0.1:${port}`;
    const directory = dirname(bundle);
    const part = await startPart({
      name: 'allocation-service',
      runDirectory: directory,
      launch: {
        command: process.execPath,
        args: [bundle],
        env: { HTTP_PORT: String(port), ZOOKEEPER_SESSION_TIMEOUT_SECS: '2', WAIT_ALLOCATED_SECS: '1', ...env },
        cwd: directory,
        logFile: join(directory, `allocation-service-${port}.log`),
      },
      isReady: async () => (await fetch(`${url}/healthz`)).ok,
      readyWithinMs: 20_000,
      stopWithinMs: 10_000,
    });
    return new AllocationProcess(part, url);
  }

  async readiness(): Promise<ReadinessAnswer> {
    const response = await fetch(`${this.url}/readyz`);
    return { status: response.status, ...((await response.json()) as object) };
  }

  untilRole(role: string): Promise<ReadinessAnswer> {
    return until(`${this.url} is ${role}`, 20_000, async () => {
      const answer = await this.readiness();
      return answer.status === 200 && answer.role === role ? answer : undefined;
    });
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async putConfig(config: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}/api/v1/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: typeof config === 'string' ? config : JSON.stringify(config),
    });
    return { status: response.status, body: await response.json() };
  }

  /** kill -9 */
  kill(): Promise<void> {
    return this.part.kill();
  }

  /** SIGTERM */
  stop(): Promise<void> {
    return this.part.stop();
  }
}
