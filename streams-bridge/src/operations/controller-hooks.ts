import type { Resource, ResolveWorkload, RunStopHook, StopHookRun, WorkloadResolved } from '@streams-on-mesos/messages';
import { AdapterError, type Adapter } from '../adapter/adapter.js';
import { controllerCalls, type ControllerCalls, type ControllerDefaults } from '../domain/controller-call.js';

/** allocation-service waits so long for each answer. */
const RESOLVE_MS = 2_000;
const STOP_MS = 5_000;
/** The way back of an answer: a reason that comes too late is none. */
const WAY_BACK_MS = 200;

export interface ControllerHooksOptions {
  /** Undefined: there is no ADAPTER_URL. */
  readonly adapter: Adapter | undefined;
  readonly defaults: ControllerDefaults;
}

/** What allocation-service asks of whichever bridge is free, answered by the Streams adapter. Nothing is thrown: a fault is an answer. */
export class ControllerHooks {
  readonly #options: ControllerHooksOptions;

  constructor(options: ControllerHooksOptions) {
    this.#options = options;
  }

  /** `leftMs`: until nobody waits any more. */
  async resolveWorkload({ ask_id, allocation_term, resource, workload }: ResolveWorkload, leftMs: number): Promise<WorkloadResolved> {
    const answered = await this.#ask(resource, Math.min(RESOLVE_MS, leftMs), ({ start }, adapter, timeoutMs) =>
      adapter.startControllerCommand(start, timeoutMs),
    );
    if ('error' in answered) return { ask_id, allocation_term, error: answered.error };
    return { ask_id, allocation_term, workload: { ...workload, command: answered.value, deferred: false } };
  }

  async runStopHook({ ask_id, allocation_term, resource }: RunStopHook, leftMs: number): Promise<StopHookRun> {
    const answered = await this.#ask(resource, Math.min(STOP_MS, leftMs), ({ stop }, adapter, timeoutMs) =>
      adapter.stopController(stop, timeoutMs),
    );
    return { ask_id, allocation_term, ...('error' in answered ? { error: answered.error } : {}) };
  }

  async #ask<T>(
    resource: Resource,
    limitMs: number,
    ask: (calls: ControllerCalls, adapter: Adapter, timeoutMs: number) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly error: string }> {
    const { adapter, defaults } = this.#options;
    if (adapter === undefined) return { error: 'this streams-bridge knows no Streams adapter: set ADAPTER_URL' };
    const calls = controllerCalls(resource, defaults);
    if (calls === undefined) return { error: `${resource.id} was not asked for by Streams, so it is no domain controller` };
    try {
      return { value: await ask(calls, adapter, limitMs - WAY_BACK_MS) };
    } catch (error) {
      if (error instanceof AdapterError) return { error: error.message };
      throw error;
    }
  }
}
