import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, startPart, until, type Part } from '@streams-on-mesos/local-environment';
import { build } from 'esbuild';
import type { StateView } from '../http/state-view.js';

const sources = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Makes one file of the service, as it is run in production. Returns its path. */
export const bundleService = async (directory: string): Promise<string> => {
  const outfile = join(directory, 'offer-service.mjs');
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

/** offer-service as a process of its own. */
export class OfferProcess {
  private constructor(
    private readonly part: Part,
    readonly url: string,
  ) {}

  static async start(bundle: string, env: Record<string, string>): Promise<OfferProcess> {
    const port = (await freePorts(1))[0];
    const url = `http://127.0.0.1:${port}`;
    const directory = dirname(bundle);
    const part = await startPart({
      name: 'offer-service',
      runDirectory: directory,
      launch: {
        command: process.execPath,
        args: [bundle],
        env: { HTTP_PORT: String(port), ZOOKEEPER_SESSION_TIMEOUT_SECS: '2', ...env },
        cwd: directory,
        logFile: join(directory, `offer-service-${port}.log`),
      },
      isReady: async () => (await fetch(`${url}/healthz`)).ok,
      readyWithinMs: 20_000,
      stopWithinMs: 10_000,
    });
    return new OfferProcess(part, url);
  }

  async readiness(): Promise<ReadinessAnswer> {
    const response = await fetch(`${this.url}/readyz`);
    return { status: response.status, ...((await response.json()) as object) };
  }

  untilReady(role: 'leader' | 'standby'): Promise<ReadinessAnswer> {
    return until(`${this.url} is a ready ${role}`, 20_000, async () => {
      const answer = await this.readiness();
      return answer.status === 200 && answer.role === role ? answer : undefined;
    });
  }

  async state(): Promise<StateView> {
    const response = await fetch(`${this.url}/api/v1/state`);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as StateView;
  }

  /** The sum of a metric's samples that carry `label`, such as `how="expired"`. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const samples = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
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
