import type { AmqpConnection, Delivery } from '@streams-on-mesos/service';

/** `heard`: what was waited for. `missed`: copies may have been lost, so look for yourself. `over`: neither came in time. */
export type Heard = 'heard' | 'missed' | 'over';

export interface Listening {
  /** Waits for the first copy since the listening began, or `limitMs`, or the abort of `signal`. */
  within(limitMs: number, signal: AbortSignal): Promise<Heard>;
  stop(): void;
}

type Copy = Delivery['envelope'];

interface Listener {
  readonly wants: (copy: Copy) => boolean;
  readonly notify: (what: Heard) => void;
}

/**
 * Turns the copies that allocation-service publishes into hints that something can be asked for now. Nobody believes what a
 * copy says without asking, and nobody relies on getting one: they are lost with the connection to the broker.
 */
export class ClientEventCopies {
  readonly #listeners = new Set<Listener>();

  constructor(amqp: AmqpConnection, { signal }: { readonly signal: AbortSignal }) {
    amqp.bindCopies((delivery) => this.#take(delivery), { signal });
    amqp.onConnected(() => this.#listeners.forEach(({ notify }) => notify('missed')));
  }

  /** All resources of this request may be allocated now. */
  requestReady(clientId: string, requestId: string): Listening {
    return this.#listen(({ request_ready: ready }) => ready?.client_id === clientId && ready.request_id === requestId);
  }

  /** There is an event of this client, or of any. */
  nextEvent(clientId: string | undefined): Listening {
    return this.#listen(({ client_event: event }) => event !== undefined && (clientId === undefined || event.client_id === clientId));
  }

  #take(delivery: Delivery): void {
    for (const { wants, notify } of this.#listeners) {
      if (wants(delivery.envelope)) notify('heard');
    }
  }

  #listen(wants: (copy: Copy) => boolean): Listening {
    let notify: (what: Heard) => void = () => undefined;
    const heard = new Promise<Heard>((resolve) => {
      notify = resolve;
    });
    const listener = { wants, notify };
    this.#listeners.add(listener);
    return {
      stop: () => void this.#listeners.delete(listener),
      within: (limitMs, signal) => {
        const timer = setTimeout(() => notify('over'), limitMs);
        const aborted = (): void => notify('over');
        signal.addEventListener('abort', aborted, { once: true });
        if (signal.aborted) aborted();
        return heard.finally(() => {
          clearTimeout(timer);
          signal.removeEventListener('abort', aborted);
        });
      },
    };
  }
}
