// An agent's place with the leading master: finds it, registers until it is answered, and looks again when no ping comes
// (slave.cpp: detected, doReliableRegistration, registered, ping, pingTimeout).
import type { LeaderBoard } from '../network/leader-board.js';
import type { Pid } from '../network/network.js';
import type { ProcessLife } from './process-life.js';
import { firstBackoff, nextBackoff, type Backoff } from './registration-backoff.js';

export interface RegistrationOutlets {
  /** The connection to a master is over, or another one leads. */
  readonly lost: () => void;
  /** Sends REGISTER or REREGISTER to the master. */
  readonly ask: (master: Pid) => void;
}

export class Registration {
  master: Pid | undefined;
  isRegistered = false;
  private retry: NodeJS.Timeout | undefined;
  private pingTimeoutMs: number | undefined;
  private pingTimer: NodeJS.Timeout | undefined;
  private pingedAt = 0;
  private isAtOnce = false;
  private unwatch: () => void = () => undefined;

  constructor(
    private readonly leaders: LeaderBoard,
    private readonly backoffFactorMs: number,
    private readonly life: ProcessLife,
    private readonly outlets: RegistrationOutlets,
    /** From 0 to 1. */
    private readonly random: () => number,
  ) {}

  /**
   * `atOnce`: the first registration comes without the random delay, so that the agents of a new cluster are there soon, and in
   * order.
   */
  start(atOnce = false): void {
    this.isAtOnce = atOnce;
    this.unwatch = this.leaders.watch((leader) => this.life.run(() => this.detected(leader)));
  }

  stop(): void {
    this.unwatch();
    clearTimeout(this.retry);
    clearTimeout(this.pingTimer);
  }

  answered(pingTimeoutMs: number): void {
    this.isRegistered = true;
    clearTimeout(this.retry);
    this.pingTimeoutMs = pingTimeoutMs;
    this.pinged();
  }

  /** A ping came: the master lives. */
  pinged(): void {
    this.pingedAt = Date.now();
    if (this.pingTimer === undefined && this.pingTimeoutMs !== undefined) this.waitForPing(this.pingTimeoutMs);
  }

  /** As if the master were found anew: registers after a moment, again and again. */
  detectAgain(): void {
    this.detected(this.leaders.current());
  }

  /** Without the moment. */
  askNow(): void {
    this.lose();
    clearTimeout(this.retry);
    this.ask(this.backoffFactorMs * 2);
  }

  private detected(leader: Pid | undefined): void {
    this.lose();
    this.master = leader;
    clearTimeout(this.retry);
    if (leader === undefined) return;
    const { delayMs, nextMaxMs } = firstBackoff(this.backoffFactorMs, this.random());
    if (this.isAtOnce) this.ask(nextMaxMs);
    else this.askAfter({ delayMs, nextMaxMs });
    this.isAtOnce = false;
  }

  private lose(): void {
    this.isRegistered = false;
    this.outlets.lost();
  }

  private askAfter({ delayMs, nextMaxMs }: Backoff): void {
    this.retry = this.life.after(delayMs, () => this.ask(nextMaxMs));
  }

  private ask(maxMs: number): void {
    if (this.master === undefined) return;
    this.outlets.ask(this.master);
    this.askAfter(nextBackoff(maxMs, this.random()));
  }

  /** One timer, however many pings come. */
  private waitForPing(ms: number): void {
    this.pingTimer = this.life.after(ms, () => {
      this.pingTimer = undefined;
      const rest = this.pingedAt + (this.pingTimeoutMs ?? 0) - Date.now();
      if (rest > 0) this.waitForPing(rest);
      else if (this.isRegistered) this.detectAgain();
    });
  }
}
