import type { CallResult, FrameworkInfo, SchedulerCallBody } from '@streams-on-mesos/mesos';
import type { CallAnswer } from '@streams-on-mesos/messages';
import type { Logger } from '@streams-on-mesos/service';
import type { DriverState } from './domain/driver-state.js';
import type { Announcement, Concern, Effect, MesosCall } from './domain/effects.js';
import type { DriverEvent } from './domain/events.js';
import { step } from './domain/step.js';
import type { HeldUpdate } from './domain/updates/update-flow.js';
import { toSchedulerCall } from './mesos/to-scheduler-call.js';
import type { DriverMetrics } from './driver-metrics.js';

export interface DriverPorts {
  readonly mesos: { call(call: SchedulerCallBody): Promise<CallResult> };
  readonly publisher: {
    announce(announcement: Announcement, handle: (event: DriverEvent) => void): void;
    publishUpdate(update: HeldUpdate, handle: (event: DriverEvent) => void): void;
  };
  readonly answers: { answer(answer: CallAnswer): Promise<void> };
  /** What UPDATE_FRAMEWORK repeats besides what it changes. */
  readonly frameworkInfo: FrameworkInfo;
  readonly metrics: DriverMetrics;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Runs the decisions of one leadership: one event after the other, each effect begun before the next event is looked at. */
export class FrameworkDriver {
  private readonly events: DriverEvent[] = [];
  private handling = false;

  constructor(
    readonly state: DriverState,
    private readonly ports: DriverPorts,
  ) {}

  readonly handle = (event: DriverEvent): void => {
    this.events.push(event);
    // an effect may lead to another event before it returns; that one waits for its turn
    if (this.handling) return;
    this.handling = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.handleNext(next);
    } finally {
      this.handling = false;
    }
  };

  private handleNext(event: DriverEvent): void {
    const now = this.ports.now();
    const { effects } = step(this.state, event, now);
    this.ports.metrics.observe(this.state, event, effects, now);
    for (const effect of effects) this.begin(effect);
  }

  private begin(effect: Effect): void {
    const { answers, logger, publisher } = this.ports;
    switch (effect.type) {
      case 'call-mesos':
        this.callMesos(effect.call, effect.concern);
        return;
      case 'announce':
        publisher.announce(effect.announcement, this.handle);
        return;
      case 'publish-update':
        publisher.publishUpdate(effect.update, this.handle);
        return;
      case 'answer':
        if (effect.answer.result !== 'SENT') logger.info({ ...effect.answer }, 'a call was not sent for certain');
        void answers.answer(effect.answer);
        return;
      case 'log':
        logger[effect.level](effect.fields, effect.message);
        return;
      case 'offers-ended':
      case 'inverse-offers-ended':
      case 'update-dropped':
        return;
    }
  }

  private callMesos(call: MesosCall, concern: Concern | undefined): void {
    const body = toSchedulerCall(call, this.ports.frameworkInfo);
    if (body !== undefined) void this.ports.mesos.call(body).then((outcome) => this.called(call, outcome, concern));
  }

  private called({ kind }: MesosCall, outcome: CallResult, concern: Concern | undefined): void {
    const { logger, metrics } = this.ports;
    const { result } = outcome;
    metrics.observeCall(kind, result);
    const reason = outcome.result === 'sent' ? undefined : outcome.reason;
    if (reason !== undefined) logger.warn({ call: kind, result, reason }, 'a call may not have reached Mesos');
    if (concern !== undefined) this.handle({ type: 'call-result', concern, result, reason });
  }
}
