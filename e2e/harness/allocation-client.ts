import { until } from '@streams-on-mesos/local-environment';
import { requestJson } from './http.js';

export interface RuntimeConfig {
  readonly num_of_node: number;
  readonly num_of_live_node: number;
}

export interface ResourceView {
  readonly id: string;
  readonly owner: string;
  readonly state: string;
  readonly request_state: string;
  readonly completion: string;
  readonly task_id?: string;
  readonly host?: string;
}

export class AllocationClient {
  constructor(private readonly url: string) {}

  scale(nodes: number, cpus = 0.1, mem = 32): Promise<unknown> {
    return requestJson('PUT', `${this.url}/api/v1/config`, { num_of_node: nodes, general_config: { cpu_of_node: cpus, mem_of_node: mem } });
  }

  config(): Promise<unknown> {
    return requestJson('GET', `${this.url}/api/v1/config`);
  }

  runtime(): Promise<RuntimeConfig> {
    return requestJson('GET', `${this.url}/api/v1/config/runtime`);
  }

  async resources(): Promise<ResourceView[]> {
    const all: ResourceView[] = [];
    for (let query = '?limit=1000', more = true; more;) {
      const page = await requestJson<{ resources: ResourceView[]; next?: string }>('GET', `${this.url}/api/v1/resources${query}`);
      all.push(...page.resources);
      query = `?limit=1000&cursor=${page.next}`;
      more = page.next !== undefined;
    }
    return all;
  }

  async untilLive(nodes: number, timeoutMs = 60_000): Promise<void> {
    await until(`${nodes} live nodes`, timeoutMs, async () => {
      const { num_of_node, num_of_live_node } = await this.runtime();
      return num_of_node === nodes && num_of_live_node === nodes;
    });
  }
}
