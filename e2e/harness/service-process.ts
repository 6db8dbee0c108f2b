import { checkout, endProcess, Fatal, freePorts, startPart, until, type Part } from '@streams-on-mesos/local-environment';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export const serviceNames = ['offer-service', 'allocation-service', 'streams-bridge'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** One service as a process of its own, from the bundle that Marathon would run, on a port that it keeps over restarts. */
export class ServiceProcess {
  private part: Part | undefined;

  private constructor(
    readonly name: ServiceName,
    readonly url: string,
    private readonly directory: string,
    private readonly runDirectory: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async create(
    name: ServiceName,
    directory: string,
    runDirectory: string,
    environment: Record<string, string>,
  ): Promise<ServiceProcess> {
    mkdirSync(directory, { recursive: true });
    const [port] = await freePorts(1);
    return new ServiceProcess(name, `http://127.0.0.1:${port}`, directory, runDirectory, { ...environment, HTTP_PORT: String(port) });
  }

  /** Starts it and waits until it says that it is ready. */
  async start(): Promise<void> {
    await this.launch();
    await this.whenReady();
  }

  async launch(): Promise<void> {
    this.part = await startPart({
      name: this.name,
      runDirectory: this.runDirectory,
      launch: {
        command: process.execPath,
        args: ['--enable-source-maps', join(checkout, this.name, 'dist', 'main.mjs')],
        env: this.environment,
        cwd: this.directory,
        logFile: join(this.directory, `${this.name}.log`),
      },
      isReady: async () => (await fetch(`${this.url}/healthz`)).ok,
      readyWithinMs: 20_000,
      stopWithinMs: 15_000,
    });
  }

  async whenReady(timeoutMs = 30_000): Promise<void> {
    let answer = '';
    await until(`${this.name} ready`, timeoutMs, async () => {
      const response = await fetch(`${this.url}/readyz`);
      answer = await response.text();
      return response.ok;
    }).catch((error: Error) => {
      throw new Fatal(`${error.message}: it says ${answer}; log: ${this.part?.logFile}`);
    });
  }

  /** kill -9 */
  async kill(): Promise<void> {
    await this.part?.kill();
    this.part = undefined;
  }

  /** SIGTERM */
  async stop(): Promise<void> {
    if (this.part !== undefined) await endProcess(this.part.process, 15_000);
    this.part = undefined;
  }
}
