// Does to a master what a recording's client did, in the same order and time, with the ids that this master gives.
import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../generated/protocol.js';
import type { RecordedLine, Recording } from './recording.js';
import { WireClient, type Answer, type Subscription } from './wire-client.js';

export interface Observed {
  /** stream of the recording → what came on it */
  readonly streams: ReadonlyMap<number, readonly Event[]>;
  readonly closed: ReadonlySet<number>;
  /** How long each was open, in ms; absent: too short for more than the first heartbeat. */
  readonly livedMs?: ReadonlyMap<number, number>;
  /** In the order of the recording's lines of these kinds. */
  readonly answers: readonly Pick<Answer, 'status' | 'headers' | 'body'>[];
}

/** What names the same thing in the recording and here, whatever its id. */
interface Naming {
  readonly key: string;
  readonly id: string;
}

/** Agents by hostname, offers by their agent and number, updates by task and state, frameworks by stream. */
export const namesIn = (stream: number, events: readonly Event[]): Naming[] => {
  const names: Naming[] = [];
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  const add = (kind: string, id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    names.push({ key: `${stream} ${kind} ${count}`, id });
  };
  for (const event of events) {
    const id = event.subscribed?.framework_id.value;
    if (id !== undefined) names.push({ key: `${stream} framework`, id });
    for (const offer of event.offers?.offers ?? []) {
      add(`agent ${offer.hostname}`, offer.agent_id.value);
      add(`offer of ${offer.hostname}`, offer.id.value);
    }
    for (const offer of event.inverse_offers?.inverse_offers ?? [])
      add(`inverse offer of ${offer.url?.address.hostname ?? ''}`, offer.id.value);
    const status = event.update?.status;
    if (status?.uuid !== undefined) add(`update ${status.task_id.value} ${status.state}`, status.uuid);
  }
  return names;
};

const masterIdOf = (events: readonly Event[]): string | undefined =>
  events.find(({ type }) => type === 'SUBSCRIBED')?.subscribed?.master_info?.id;

/** Earlier lines that must have happened here as well before the next step; what came within this time may have been its effect. */
const CAUSE_MS = 3;
const PATIENCE_MS = 8_000;
/** What is not in the recording may still come. */
const LAST_WORDS_MS = 100;

/** What the master itself tells of a task is the effect of a call. */
const isFromAgent = ({ update }: Event): boolean => update?.status.uuid !== undefined;

/** In however many events they came. */
const offersIn = (events: readonly Event[]): number => events.reduce((sum, { offers }) => sum + (offers?.offers ?? []).length, 0);

const isOther = ({ type }: Event): boolean => type !== 'UPDATE' && type !== 'OFFERS' && type !== 'HEARTBEAT';

/** What was done to the recorded cluster, other than by its client. */
export interface Intervention {
  /** When, on the recording's clock: what came before it comes before it here, too. */
  readonly ms: number;
  readonly act: () => void;
}

type Step =
  | Exclude<RecordedLine, { readonly kind: 'event' | 'closed' | 'case' }>
  | { readonly kind: 'intervention'; readonly ms: number; readonly act: () => void };

export class Replay {
  private readonly client: WireClient;
  private readonly subscriptions = new Map<number, Subscription>();
  private readonly answers: Answer[] = [];
  private readonly keyOfRecorded: ReadonlyMap<string, string>;
  private readonly recordedMaster: string;

  constructor(
    url: string,
    private readonly recording: Recording,
    private readonly interventions: readonly Intervention[] = [],
  ) {
    this.client = new WireClient(url, recording.encoding);
    const streams = new Map<number, Event[]>();
    for (const line of recording.lines)
      if (line.kind === 'event') streams.set(line.stream, [...(streams.get(line.stream) ?? []), line.event]);
    const names = [...streams].flatMap(([stream, events]) => namesIn(stream, events));
    // The last one given for an id counts: the first stream that had it.
    this.keyOfRecorded = new Map(names.reverse().map(({ key, id }) => [id, key]));
    this.recordedMaster = masterIdOf([...streams.values()].flat()) ?? 'none';
  }

  async run(): Promise<Observed> {
    const startedAt = Date.now();
    // How late this player is: it never catches up, since what takes its time in the recording takes it here as well.
    let lateMs = 0;
    try {
      for (const line of this.steps()) {
        const due = startedAt + lateMs + line.ms - CAUSE_MS;
        await delay(Math.max(0, due - Date.now()));
        await this.causes(line);
        lateMs += Math.max(0, Date.now() - due);
        if (line.kind === 'intervention') line.act();
        else await this.step(line);
      }
      await this.causes({ kind: 'intervention', ms: Infinity });
      await delay(LAST_WORDS_MS);
    } finally {
      for (const subscription of this.subscriptions.values()) subscription.close();
      this.client.close();
    }
    return {
      streams: new Map([...this.subscriptions].map(([stream, { events }]) => [stream, events])),
      livedMs: new Map([...this.subscriptions].map(([stream, { livedMs }]) => [stream, livedMs])),
      closed: new Set([...this.subscriptions].filter(([, { isClosed }]) => isClosed).map(([stream]) => stream)),
      answers: this.answers,
    };
  }

  /** What is done, in order. */
  private steps(): Step[] {
    const steps = this.recording.lines.filter(
      (line): line is Exclude<RecordedLine, { kind: 'event' | 'closed' | 'case' }> => !['event', 'closed', 'case'].includes(line.kind),
    );
    const interventions = this.interventions.map((one) => ({ kind: 'intervention' as const, ...one }));
    return [...steps, ...interventions].sort((left, right) => left.ms - right.ms);
  }

  private async step(line: RecordedLine): Promise<void> {
    switch (line.kind) {
      case 'subscribe': {
        const subscription = await this.client.subscribe(await this.translate(line.request.call));
        this.subscriptions.set(line.stream, subscription);
        this.answers.push({ status: subscription.status, headers: subscription.headers, body: '' });
        return;
      }
      case 'call': {
        const { call, headers } = line.request;
        this.answers.push(await this.client.call(await this.translate(call), this.streamId(headers['Mesos-Stream-Id'] ?? '')));
        return;
      }
      case 'exchange': {
        const { method, url, headers, bodyBase64 } = line.request;
        const id = headers['Mesos-Stream-Id'];
        const body = await this.translateText(Buffer.from(bodyBase64, 'base64').toString('latin1'));
        this.answers.push(
          await this.client.exchange({
            method,
            path: url,
            headers: { ...headers, ...(id === undefined ? {} : { 'Mesos-Stream-Id': this.streamId(id) }) },
            body: Buffer.from(body, 'latin1'),
          }),
        );
        return;
      }
      case 'client-closes':
        return this.closeStream(this.subscriptions.get(line.stream));
    }
  }

  /** Returns when the master has noticed, which it had in the recording when the next thing happened. */
  private async closeStream(subscription: Subscription | undefined): Promise<void> {
    if (subscription === undefined || subscription.isClosed) return;
    subscription.close();
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const { body } = await this.client.exchange({ method: 'GET', path: '/master/frameworks' });
      const { frameworks } = JSON.parse(body) as { readonly frameworks: readonly { readonly connected: boolean }[] };
      if (frameworks.every(({ connected }) => !connected)) return;
    }
  }

  /** Waits for the events that the recording's client had seen; goes on without them in the end, so that all differences are found. */
  private async causes(line: Pick<Step, 'kind' | 'ms'>): Promise<void> {
    // What was not seen before a stream is closed is never seen on it.
    const slack = line.kind === 'client-closes' ? 0 : CAUSE_MS;
    for (const [stream, subscription] of this.subscriptions) {
      const before = this.recording.lines.flatMap((other) =>
        other.kind === 'event' && other.stream === stream && other.ms < line.ms - slack ? [other.event] : [],
      );
      const haveCome = (events: readonly Event[]): true | undefined =>
        subscription.isClosed || this.isAllOf(before, events, line.ms === Infinity) ? true : undefined;
      await subscription.until('events', haveCome, PATIENCE_MS).catch(() => undefined);
    }
  }

  /** Offers and what becomes of agents follow from calls, and need no waiting until the end, unless somebody does things to the agents. */
  private isAllOf(before: readonly Event[], events: readonly Event[], atTheEnd: boolean): boolean {
    const hasAll = (of: (event: Event) => boolean): boolean => events.filter(of).length >= before.filter(of).length;
    if (!hasAll(isFromAgent)) return false;
    if (this.interventions.length === 0 && !atTheEnd) return true;
    return (
      hasAll(({ type }) => type === 'UPDATE') &&
      hasAll(isOther) &&
      (this.interventions.length === 0 || offersIn(events) >= offersIn(before))
    );
  }

  private streamId(recorded: string): string {
    const line = this.recording.lines.find((one) => one.kind === 'subscribe' && one.response.headers['mesos-stream-id'] === recorded);
    return line?.kind === 'subscribe' ? (this.subscriptions.get(line.stream)?.streamId ?? recorded) : recorded;
  }

  private async translate<T>(value: T): Promise<T> {
    if (typeof value === 'string') return (await this.translateText(value)) as T;
    if (Array.isArray(value)) return (await Promise.all(value.map((one) => this.translate<unknown>(one)))) as T;
    if (typeof value !== 'object' || value === null) return value;
    const entries = await Promise.all(Object.entries(value).map(async ([name, one]) => [name, await this.translate<unknown>(one)]));
    return Object.fromEntries(entries) as T;
  }

  private async translateText(text: string): Promise<string> {
    let result = text;
    for (const [recorded, key] of this.keyOfRecorded)
      // A longer id of which this one is the beginning is another id.
      if (new RegExp(`${recorded.replaceAll(/[+/=]/g, '\\$&')}(?!\\d)`).test(result))
        result = result.replaceAll(recorded, await this.idHere(key));
    const here = masterIdOf([...this.subscriptions.values()].flatMap(({ events }) => events));
    return here === undefined ? result : result.replaceAll(this.recordedMaster, here);
  }

  private async idHere(key: string): Promise<string> {
    const stream = Number(key.split(' ', 1)[0]);
    const subscription = this.subscriptions.get(stream);
    if (subscription === undefined) throw new Error(`${key}: no such stream yet`);
    const find = (events: readonly Event[]) => namesIn(stream, events).find((name) => name.key === key)?.id;
    return subscription.until(key, find, PATIENCE_MS);
  }
}
