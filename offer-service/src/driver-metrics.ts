import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DriverState } from './domain/driver-state.js';
import type { Effect, MesosCall } from './domain/effects.js';
import type { DriverEvent } from './domain/events.js';

/** How far this process is behind the stream of Mesos. */
export interface StreamLag {
  /** Read from the stream and not handled yet. */
  readonly waitingEvents: number;
  /** Since the last event, heartbeats included; undefined while not subscribed. */
  readonly silentMs: number | undefined;
}

const seconds = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30];

const noStream = (): StreamLag => ({ waitingEvents: 0, silentMs: undefined });

/** What the driver is seen to do; made once a process, fed by each leadership in turn. */
export class DriverMetrics {
  private readonly offersReceived: Counter;
  private readonly offersDeclined: Counter;
  private readonly offerAge: Histogram;
  private readonly inverseOffersReceived: Counter;
  private readonly inverseOffersEnded: Counter;
  private readonly updatesReceived: Counter;
  private readonly updatesDropped: Counter;
  private readonly updateConfirmation: Histogram;
  private stream: () => StreamLag = noStream;
  /** What the gauges show. */
  private state: DriverState | undefined;
  /** Received and acknowledged since somebody looked: there are thousands a second. */
  private updates = 0;
  private acknowledged = 0;
  private cause: string | undefined;
  private readonly subscriptions: Counter;
  private readonly resubscriptions: Counter;
  private readonly disconnections: Counter;
  private readonly calls: Counter;
  private readonly mesosCalls: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string, labelNames: string[] = []) =>
      new Counter({ name: `offer_service_${name}`, help, labelNames, registers });
    const sampled = (name: string, help: string, sample: () => number | undefined): void => {
      const gauge: Gauge = new Gauge({ name: `offer_service_${name}`, help, registers, collect: () => gauge.set(sample() ?? 0) });
    };
    const histogram = (name: string, help: string, labelNames: string[] = []) =>
      new Histogram({ name: `offer_service_${name}`, help, labelNames, buckets: seconds, registers });
    this.offersReceived = counter('offers_received_total', 'Offers that Mesos made');
    this.offersDeclined = counter('offers_declined_total', 'Offers declined, on request or by this service itself');
    sampled('offers_outstanding', 'Offers handed to allocation-service and not answered yet', () => this.state?.offers.outstanding.size);
    this.offerAge = histogram('offer_age_seconds', 'Age of a handed out offer when it ended, by how it ended', ['how']);
    this.inverseOffersReceived = counter('inverse_offers_received_total', 'Inverse offers: agents that Mesos asked back for maintenance');
    this.inverseOffersEnded = counter('inverse_offers_ended_total', 'Inverse offers that ended, by how', ['how']);
    sampled('inverse_offers_outstanding', 'Inverse offers that are not answered yet', () => this.state?.inverseOffers.size);
    this.updatesReceived = new Counter({
      name: 'offer_service_updates_received_total',
      help: 'Task status updates that Mesos sent',
      registers,
      collect: () => {
        this.updatesReceived.inc(this.updates);
        this.updates = 0;
      },
    });
    this.updatesDropped = counter('updates_dropped_total', 'Updates neither held nor acknowledged, by what makes up for it', ['because']);
    sampled('updates_held', 'Updates that the broker has not confirmed yet', () => this.state?.updates.held);
    this.updateConfirmation = histogram(
      'update_acknowledgement_seconds',
      'From an update to its confirmation by the broker, when Mesos gets its acknowledgement',
    );
    this.subscriptions = counter('subscriptions_total', 'Subscriptions to Mesos');
    this.disconnections = counter('disconnections_total', 'Subscriptions that ended');
    this.resubscriptions = counter('resubscriptions_total', 'Subscriptions after one that was lost, by why that was lost', ['cause']);
    sampled('stream_waiting_events', 'Events read from the stream and not handled yet', () => this.stream().waitingEvents);
    sampled(
      'stream_silence_seconds',
      'Since the last event of the stream, heartbeats included; 0 while not subscribed',
      () => (this.stream().silentMs ?? 0) / 1_000,
    );
    this.calls = counter('calls_total', 'Calls of allocation-service, by answer', ['result']);
    this.mesosCalls = new Counter({
      name: 'offer_service_mesos_calls_total',
      help: 'Calls to Mesos, by kind and result',
      labelNames: ['kind', 'result'],
      registers,
      collect: () => {
        if (this.acknowledged > 0) this.mesosCalls.inc({ kind: 'acknowledge', result: 'sent' }, this.acknowledged);
        this.acknowledged = 0;
      },
    });
  }

  observe(state: DriverState, event: DriverEvent, effects: readonly Effect[], now: number): void {
    if (event.type === 'offers') this.offersReceived.inc(event.offers.length);
    else if (event.type === 'inverse-offers') this.inverseOffersReceived.inc(event.inverseOffers.length);
    else if (event.type === 'update') this.updates += 1;
    else if (event.type === 'subscribed') this.countSubscription();
    else if (event.type === 'disconnected') {
      this.disconnections.inc();
      this.cause ??= event.cause;
    } else if (event.type === 'update-published') this.updateConfirmation.observe((now - event.update.receivedAt) / 1_000);
    for (const effect of effects) this.observeEffect(effect);
    this.state = state;
  }

  private countSubscription(): void {
    this.subscriptions.inc();
    if (this.cause !== undefined) this.resubscriptions.inc({ cause: this.cause });
    this.cause = undefined;
  }

  /** What the gauges of the stream show until `clear`. */
  watchStream(lag: () => StreamLag): void {
    this.stream = lag;
  }

  private observeEffect(effect: Effect): void {
    if (effect.type === 'offers-ended') {
      const ages = this.offerAge.labels({ how: effect.how });
      for (const age of effect.agesMs) ages.observe(age / 1_000);
    } else if (effect.type === 'inverse-offers-ended') this.inverseOffersEnded.inc({ how: effect.how }, effect.count);
    else if (effect.type === 'update-dropped') this.updatesDropped.inc({ because: effect.because });
    else if (effect.type === 'answer') this.calls.inc({ result: effect.answer.result });
    else if (effect.type === 'call-mesos' && effect.call.kind === 'decline') this.offersDeclined.inc(effect.call.offerIds.length);
  }

  observeCall(kind: MesosCall['kind'], result: 'sent' | 'not-sent' | 'unknown'): void {
    if (kind === 'acknowledge' && result === 'sent') this.acknowledged += 1;
    else this.mesosCalls.inc({ kind, result });
  }

  /** The leadership is over: what it held is nobody's. */
  clear(): void {
    this.stream = noStream;
    this.state = undefined;
    this.cause = undefined;
  }
}
