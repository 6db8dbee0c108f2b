import type { TaskStatus } from '@streams-on-mesos/mesos';

/** Quantities in thousandths. */
export interface ModelTask {
  readonly id: string;
  readonly agent: ModelAgent;
  /** The agent's id when the task was launched. */
  readonly agentId: string;
  readonly cpus: number;
  readonly mem: number;
  /** What the master says of it. */
  state: TaskStatus['state'];
  /** It really runs, or may still start. */
  alive: boolean;
  /** Not yet acknowledged, the oldest first. */
  readonly updates: TaskStatus[];
  sentAt: number | undefined;
  /** It was told to end. */
  doomed: boolean;
}

export class ModelAgent {
  id: string;
  readonly cpus = 8_000;
  readonly mem = 8_192_000;
  /** The network between it and the master works. */
  up = true;
  registered = true;
  /** Everything that is launched here dies soon. */
  bad: boolean;
  #boots = 0;

  constructor(id: string, bad: boolean) {
    this.id = id;
    this.bad = bad;
  }

  reboot(): void {
    this.#boots += 1;
    this.id = `${this.id.split('.')[0]}.${this.#boots}`;
  }
}
