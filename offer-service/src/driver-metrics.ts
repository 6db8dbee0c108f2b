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
  private readonly offersOutstanding: Gauge;
  private readonly offerAge: Histogram;
  private readonly inverseOffersReceived: Counter;
  private readonly inverseOffersEnded: Counter;
  private readonly inverseOffersOutstanding: Gauge;
  private readonly updatesReceived: Counter;
  private readonly updatesDropped: Counter;
  private readonly updatesHeld: Gauge;
  private readonly updateConfirmation: Histogram;
  private stream: () => StreamLag = noStream;
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
    const gauge = (name: string, help: string) => new Gauge({ name: `offer_service_${name}`, help, registers });
    const histogram = (name: string, help: string, labelNames: string[] = []) =>
      new Histogram({ name: `offer_service_${name}`, help, labelNames, buckets: seconds, registers });
    this.offersReceived = counter('offers_received_total', 'Offers that Mesos made');
    this.offersDeclined = counter('offers_declined_total', 'Offers declined, on request or by this service itself');
    this.offersOutstanding = gauge('offers_outstanding', 'Offers handed to allocation-service and not answered yet');
    this.offerAge = histogram('offer_age_seconds', 'Age of a handed out offer when it ended, by how it ended', ['how']);
    this.inverseOffersReceived = counter('inverse_offers_received_total', 'Inverse offers: agents that Mesos asked back for maintenance');
    this.inverseOffersEnded = counter('inverse_offers_ended_total', 'Inverse offers that ended, by how', ['how']);
    this.inverseOffersOutstanding = gauge('inverse_offers_outstanding', 'Inverse offers that are not answered yet');
    this.updatesReceived = counter('updates_received_total', 'Task status updates that Mesos sent');
    this.updatesDropped = counter('updates_dropped_total', 'Updates neither held nor acknowledged, by what makes up for it', ['because']);
    this.updatesHeld = gauge('updates_held', 'Updates that the broker has not confirmed yet');
    this.updateConfirmation = histogram(
      'update_acknowledgement_seconds',
      'From an update to its confirmation by the broker, when Mesos gets its acknowledgement',
    );
    this.subscriptions = counter('subscriptions_total', 'Subscriptions to Mesos');
    this.disconnections = counter('disconnections_total', 'Subscriptions that ended');
    this.resubscriptions = counter('resubscriptions_total', 'Subscriptions after one that was lost, by why that was lost', ['cause']);
    const sampled = (name: string, help: string, sample: (lag: StreamLag) => number): void => {
      const sampledGauge: Gauge = new Gauge({
        name: `offer_service_${name}`,
        help,
        registers,
        collect: () => sampledGauge.set(sample(this.stream())),
      });
    };
    sampled('stream_waiting_events', 'Events read from the stream and not handled yet', ({ waitingEvents }) => waitingEvents);
    sampled(
      'stream_silence_seconds',
      'Since the last event of the stream, heartbeats included; 0 while not subscribed',
      ({ silentMs }) => (silentMs ?? 0) / 1_000,
    );
    this.calls = counter('calls_total', 'Calls of allocation-service, by answer', ['result']);
    this.mesosCalls = counter('mesos_calls_total', 'Calls to Mesos, by kind and result', ['kind', 'result']);
  }

  observe(state: DriverState, event: DriverEvent, effects: readonly Effect[], now: number): void {
    if (event.type === 'offers') this.offersReceived.inc(event.offers.length);
    else if (event.type === 'inverse-offers') this.inverseOffersReceived.inc(event.inverseOffers.length);
    else if (event.type === 'update') this.updatesReceived.inc();
    else if (event.type === 'subscribed') this.countSubscription();
    else if (event.type === 'disconnected') {
      this.disconnections.inc();
      this.cause ??= event.cause;
    } else if (event.type === 'update-published') this.updateConfirmation.observe((now - event.update.receivedAt) / 1_000);
    for (const effect of effects) this.observeEffect(effect);
    this.offersOutstanding.set(state.offers.outstanding.size);
    this.inverseOffersOutstanding.set(state.inverseOffers.size);
    this.updatesHeld.set(state.updates.held);
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
    this.mesosCalls.inc({ kind, result });
  }

  /** The leadership is over: what it held is nobody's. */
  clear(): void {
    this.stream = noStream;
    this.cause = undefined;
    this.offersOutstanding.set(0);
    this.inverseOffersOutstanding.set(0);
    this.updatesHeld.set(0);
  }
}
