/** So much faster or slower than real time it goes while it is behind or ahead: delays stay true to a hundredth. */
const SLEW = 0.01;

/**
 * A leader's clock: epoch milliseconds that never jump. The clock of a machine is set now and then, by hand or by NTP; a
 * task would be called ALLOCATED without having run for its time, or nothing be due, no offer be given back, for as long as it was
 * set back. So this one goes on with what has really passed, and comes to agree with the machine's slowly.
 */
export class LeaderClock {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  #readAt: number;
  #time: number;

  /** @param wall epoch milliseconds @param monotonic milliseconds since whenever */
  constructor(wall: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#readAt = monotonic();
    this.#time = wall();
  }

  readonly now = (): number => {
    const readAt = this.#monotonic();
    const passed = readAt - this.#readAt;
    const most = passed * SLEW;
    const behind = this.#wall() - (this.#time + passed);
    this.#readAt = readAt;
    this.#time += passed + Math.max(-most, Math.min(most, behind));
    return Math.floor(this.#time);
  };

  /** By how many milliseconds it is ahead of the machine's clock, which other machines' deadlines are told by. */
  readonly ahead = (): number => this.now() - this.#wall();
}
