// Agents that are simulated: the same state machines and the same wire, only what they launch is not real.
import type { StartExecutor } from '../agent/machine.js';
import { defaultExecutorTimeouts } from '../executor/executor.js';
import { AlarmClock } from './alarm-clock.js';
import { SimulatedExecutor } from './simulated-executor.js';

export const MOST_SIMULATED_AGENTS = 50_000;
const DIGITS = String(MOST_SIMULATED_AGENTS).length;

/** Each is on a machine of its own, so all can have the same ports, and the same port. */
export interface SimulatedPlace {
  readonly hostname: string;
  readonly ip: string;
}

/** `index` from 0: agent-00001.simulated, 10.0.0.1 */
export const simulatedPlace = (index: number): SimulatedPlace => {
  const number = index + 1;
  return {
    hostname: `agent-${String(number).padStart(DIGITS, '0')}.simulated`,
    ip: `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`,
  };
};

/** All executors of a simulated cluster share one clock. */
export const simulatedExecutors = (recoveryTimeoutMs = defaultExecutorTimeouts.recoveryTimeoutMs): StartExecutor => {
  const clock = new AlarmClock();
  return (by, start) => new SimulatedExecutor(clock, by, start, recoveryTimeoutMs);
};
