import { dirname, join } from 'node:path';
import { startPart, type Part } from '../part.js';
import { freePorts } from '../ports.js';
import { checkout } from '../run-directory.js';
import { until } from '../wait.js';
import { bundleProgram } from './bundle-program.js';

export type ServiceName = 'offer-service' | 'allocation-service' | 'streams-bridge';

export interface ReadinessAnswer {
  readonly status: number;
  readonly role?: string;
  readonly reasons?: readonly string[];
}

/** Makes one file of a service's sources, as it is run in production. Returns its path. */
export const bundleService = async (service: ServiceName, directory: string): Promise<string> => {
  const bundle = join(directory, `${service}.mjs`);
  await bundleProgram(join(checkout, service, 'src/main.ts'), bundle);
  return bundle;
};

/** A service as a process of its own, on a free port, for the tests of that service. */
export class ServiceProcess {
  protected constructor(
    readonly part: Part,
    readonly url: string,
  ) {}

  /** Starts what `bundleService` made, and waits until it answers. */
  protected static async launch(service: ServiceName, bundle: string, env: Record<string, string>): Promise<[Part, string]> {
    const [port] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const directory = dirname(bundle);
    const part = await startPart({
      name: `${service}-${port}`,
      runDirectory: directory,
      launch: {
        command: process.execPath,
        args: [bundle],
        env: { HTTP_PORT: String(port), ZOOKEEPER_SESSION_TIMEOUT_SECS: '2', ...env },
        cwd: directory,
        logFile: join(directory, `${service}-${port}.log`),
      },
      isReady: async () => (await fetch(`${url}/healthz`)).ok,
      readyWithinMs: 20_000,
      stopWithinMs: 10_000,
    });
    return [part, url];
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

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
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
