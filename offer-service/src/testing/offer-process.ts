import { ServiceProcess } from '@streams-on-mesos/local-environment/testing/service-process';
import type { StateView } from '../http/state-view.js';

/** offer-service as a process of its own. */
export class OfferProcess extends ServiceProcess {
  static async start(bundle: string, env: Record<string, string>): Promise<OfferProcess> {
    return new OfferProcess(...(await this.launch('offer-service', bundle, env)));
  }

  state(): Promise<StateView> {
    return this.get('/api/v1/state');
  }

  /** The sum of a metric's samples that carry `label`, such as `how="expired"`. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const samples = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}
