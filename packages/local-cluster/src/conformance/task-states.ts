import type { TaskState } from '../generated/protocol.js';

/** UNREACHABLE, UNKNOWN and the like may come back; all other ends are for good (mesos.proto, TaskState). */
export const isTerminal = (state: TaskState): boolean =>
  /^TASK_(FINISHED|FAILED|KILLED|ERROR|LOST|DROPPED|GONE|GONE_BY_OPERATOR)$/.test(state);
