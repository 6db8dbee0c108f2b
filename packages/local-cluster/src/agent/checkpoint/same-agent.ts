// Whether an agent may come back with what its last process wrote down (--reconfiguration_policy=equal).
import { isDeepStrictEqual } from 'node:util';
import type { AgentInfo } from '../../network/messages.js';

/** The agent can't come back with what it finds; it stays down. */
export class AgentRecoveryError extends Error {
  override readonly name = 'AgentRecoveryError';
}

/** @param previous as it was read @throws AgentRecoveryError when it is another one now */
export const assertSameAgent = (previous: AgentInfo, current: AgentInfo): void => {
  if (isDeepStrictEqual(previous, JSON.parse(JSON.stringify(current)))) return;
  throw new AgentRecoveryError(
    [
      'Failed to perform recovery: Incompatible agent info detected. ',
      `Old agent info: ${JSON.stringify(previous)}`,
      `New agent info: ${JSON.stringify(current)}`,
      'Start it with the old one, or forget its checkpoint: then it registers as a new agent',
    ].join('\n'),
  );
};
