// What a master decided is done here, outside of its state.
import type { Event } from '../generated/protocol.js';
import type { ToAgent } from '../network/messages.js';
import type { Pid } from '../network/network.js';
import type { MasterState } from './domain/master-state.js';
import type { MasterEffect, RegistryChange } from './domain/turn.js';

export interface MasterOutlets {
  readonly event: (stream: string, event: Event) => void;
  readonly closeStream: (stream: string) => void;
  readonly agentMessage: (to: Pid, message: ToAgent) => void;
  /** The end of that process is to be told. */
  readonly link: (to: Pid) => void;
  readonly registry: (change: RegistryChange) => void;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

const sendToAgent = (agentId: string, message: ToAgent, state: MasterState, outlets: MasterOutlets): void => {
  const pid = state.agents.get(agentId)?.pid;
  if (pid !== undefined) outlets.agentMessage(pid, message);
};

export const perform = (effect: MasterEffect, state: MasterState, outlets: MasterOutlets): void => {
  switch (effect.type) {
    case 'event':
      return outlets.event(effect.stream, effect.event);
    case 'close-stream':
      return outlets.closeStream(effect.stream);
    case 'agent-message':
      return sendToAgent(effect.agentId, effect.message, state, outlets);
    case 'process-message':
      return outlets.agentMessage(effect.to, effect.message);
    case 'registry':
      return outlets.registry(effect.change);
    case 'log':
      return outlets.log(effect.message, effect.fields);
  }
};
