import type { Workload } from '@streams-on-mesos/messages';
import type { DomainEvent } from '../../events.js';
import type { Effect } from '../../effects.js';
import type { ModelBroker } from './broker.js';
import type { ModelMesos } from './mesos.js';
import type { Random } from './random.js';

type Question = Extract<Effect, { type: 'ask-hook' }>['question'];

/** A streams-bridge as far as it is asked: it makes start commands, and ends tasks; or it fails, or is late, or silent. */
export class ModelBridge {
  readonly #asked: Question[] = [];

  constructor(
    readonly mesos: ModelMesos,
    readonly broker: ModelBroker,
    readonly random: Random,
    readonly now: () => number,
  ) {}

  get isAsked(): boolean {
    return this.#asked.length > 0;
  }

  ask(question: Question, deadlineMs: number): void {
    // The queue drops what nobody took in time.
    if (this.now() > deadlineMs || this.random.chance(0.2)) return;
    this.#asked.push(question);
  }

  /** Some question is answered, whenever that is. */
  answer(): boolean {
    const [question] = this.#asked.splice(this.random.below(this.#asked.length), 1);
    if (question === undefined) return false;
    const event = 'resolve_workload' in question ? this.#resolve(question.resolve_workload.ask_id) : this.#stop(question.run_stop_hook);
    if (!this.random.chance(0.05)) this.broker.publish('answers', event);
    return true;
  }

  #resolve(askId: string): DomainEvent {
    const wrong: readonly (Workload | undefined)[] = [undefined, { command: '' }];
    const workload = this.random.chance(0.2) ? this.random.pick(wrong) : { command: 'exec resolved' };
    return { type: 'workload-resolved', askId, ...(workload === undefined ? { error: 'no helper' } : { workload }) };
  }

  #stop({ ask_id: askId, resource }: Extract<Question, { run_stop_hook: unknown }>['run_stop_hook']): DomainEvent {
    const task = this.mesos.tasks.get(resource.task_id ?? '');
    if (this.random.chance(0.2)) return { type: 'stop-hook-run', askId, error: 'no such domain' };
    // It may pretend.
    if (task?.alive === true && task.agent.up && this.random.chance(0.8)) this.mesos.runTask(task, 'TASK_FINISHED');
    return { type: 'stop-hook-run', askId };
  }
}
