// One step of the master: what was decided is done after it, in order.
import type { Event } from '../../generated/protocol.js';
import type { ToAgent } from '../../network/messages.js';
import type { DrainRecord, MachineRecord, MaintenanceSchedule } from './maintenance/records.js';
import type { FrameworkRecord } from './master-state.js';

/** A change that outlives the master when its registry is replicated (src/master/registry.proto). */
export type RegistryChange =
  | { readonly type: 'admit'; readonly agentId: string }
  | { readonly type: 'unreachable'; readonly agentId: string; readonly sinceNs: number }
  | { readonly type: 'reachable'; readonly agentId: string }
  | { readonly type: 'remove'; readonly agentId: string }
  | { readonly type: 'gone'; readonly agentId: string; readonly sinceNs: number }
  | { readonly type: 'deactivate'; readonly agentId: string }
  | { readonly type: 'drain'; readonly agentId: string; readonly drain: DrainRecord }
  | { readonly type: 'drained'; readonly agentId: string }
  /** Ends `drain` and `deactivate`. */
  | { readonly type: 'reactivate'; readonly agentId: string }
  | {
      readonly type: 'maintenance';
      readonly schedule: MaintenanceSchedule;
      /** Those that are not UP, by `machineKey`, without agents. */
      readonly machines: readonly (readonly [key: string, machine: MachineRecord])[];
    };

export type MasterEffect =
  | { readonly type: 'event'; readonly stream: string; readonly event: Event }
  | { readonly type: 'close-stream'; readonly stream: string }
  | { readonly type: 'agent-message'; readonly agentId: string; readonly message: ToAgent }
  /** To a process that is no registered agent. */
  | { readonly type: 'process-message'; readonly to: string; readonly message: ToAgent }
  | { readonly type: 'registry'; readonly change: RegistryChange }
  | { readonly type: 'log'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };

/** One step's time and what is to be done after it, in order. */
export interface Turn {
  readonly now: number;
  readonly effects: MasterEffect[];
}

export function sendEvent(framework: FrameworkRecord, event: Event, turn: Turn): void {
  if (framework.stream !== undefined) turn.effects.push({ type: 'event', stream: framework.stream, event });
}

export const sendToAgent = (agentId: string, message: ToAgent, turn: Turn): void => {
  turn.effects.push({ type: 'agent-message', agentId, message });
};

export const sendToProcess = (to: string, message: ToAgent, turn: Turn): void => {
  turn.effects.push({ type: 'process-message', to, message });
};

/** For the replicated registry, if there is one. */
export const changeRegistry = (change: RegistryChange, turn: Turn): void => {
  turn.effects.push({ type: 'registry', change });
};

export const logLine = (message: string, fields: Readonly<Record<string, unknown>>, turn: Turn): void => {
  turn.effects.push({ type: 'log', message, fields });
};
