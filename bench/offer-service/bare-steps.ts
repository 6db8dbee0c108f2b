import { checkout } from '@streams-on-mesos/local-environment';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const program = join(checkout, 'bench', 'offer-service', 'bare-steps.mjs');

export interface Rate {
  readonly perSecond: number;
  /** Of the process that does it, for each. */
  readonly cpuMicros: number;
}

type Step = 'confirms' | 'posts';

interface Setups {
  readonly confirms: { readonly brokerUrl: string; readonly queue: string; readonly bodies: readonly Buffer[] };
  readonly posts: { readonly host: string; readonly port: number; readonly requests: readonly Buffer[] };
}

/**
 * What an acknowledged update consists of, each step alone, done by a process of its own against the broker and the master that
 * offer-service has: publishes of bare amqplib (persistent, mandatory, confirmed), and ACKNOWLEDGE posts made beforehand.
 */
export class BareSteps {
  private constructor(private readonly worker: ChildProcess) {}

  static async start(setups: Setups): Promise<BareSteps> {
    const steps = new BareSteps(fork(program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    await steps.#order({ step: 'confirms', setup: setups.confirms });
    await steps.#order({ step: 'posts', setup: setups.posts });
    return steps;
  }

  /** Keeps `inFlight` of the step under way until `count` are answered; 1: each is begun when the one before is answered. */
  async rate(step: Step, inFlight: number, count: number): Promise<Rate> {
    return (await this.#order({ step, inFlight, count })) as Rate;
  }

  stop(): void {
    this.worker.disconnect();
  }

  async #order(order: object): Promise<unknown> {
    this.worker.send(order);
    const [answer] = (await once(this.worker, 'message')) as [unknown];
    return answer;
  }
}
