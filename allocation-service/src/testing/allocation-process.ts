import { ServiceProcess } from '@streams-on-mesos/local-environment/testing/service-process';

/** allocation-service as a process of its own. */
export class AllocationProcess extends ServiceProcess {
  static async start(bundle: string, env: Record<string, string>): Promise<AllocationProcess> {
    return new AllocationProcess(...(await this.launch('allocation-service', bundle, { WAIT_ALLOCATED_SECS: '1', ...env })));
  }

  /** It stands still, as in a long collection of garbage, until `resume`. */
  pause(): void {
    process.kill(this.part.process.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.part.process.pid, 'SIGCONT');
  }

  async putConfig(config: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}/api/v1/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: typeof config === 'string' ? config : JSON.stringify(config),
    });
    return { status: response.status, body: await response.json() };
  }
}
