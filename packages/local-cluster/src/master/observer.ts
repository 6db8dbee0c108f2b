// Looks at what a master does without having a part in it: metrics and the operators' event stream.
import type { Call } from '../generated/protocol.js';
import type { ToMaster } from '../network/messages.js';
import type { Turn } from './domain/turn.js';
import type { CallAnswer } from './domain/scheduler-calls.js';

export interface MasterObserver {
  /** After a decision, before anybody is told of it. */
  decided?(turn: Turn): void;
  /** undefined: SUBSCRIBE, which is answered by events. */
  called?(call: Call, answer: CallAnswer | undefined): void;
  received?(message: ToMaster): void;
}
