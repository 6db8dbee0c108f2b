// Holds what was observed against a recording, field by field; ids, times and ports apart.
import type { Event } from '../generated/protocol.js';
import type { Recording } from './recording.js';
import { namesIn, type Observed } from './replay.js';

type Json = unknown;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

const neutralText = (text: string, names: ReadonlyMap<string, string>): string =>
  names.get(text) ??
  text
    .replace(UUID, 'ID')
    .replace(/ID-O\d+/g, 'OFFER')
    .replace(/ID-\d{4}\b/g, 'FRAMEWORK')
    .replace(/ID-S\d+/g, 'AGENT')
    .replace(/@([\d.]+):\d+/g, '@$1:PORT');

const TIMES = new Set([
  'timestamp',
  'executor_pid',
  'port',
  'registered_time',
  'reregistered_time',
  'start_time',
  'elected_time',
  'nanoseconds',
]);

/** `names`: ids that are the same thing in both. */
export const neutral = (value: Json, names: ReadonlyMap<string, string> = new Map()): Json => {
  if (typeof value === 'string') return neutralText(value, names);
  if (Array.isArray(value)) return value.map((one) => neutral(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, TIMES.has(name) && typeof one === 'number' ? 'NUMBER' : neutral(one, names)]),
  );
};

export interface StreamView {
  /** Each task's updates. */
  readonly updates: Readonly<Record<string, Json[]>>;
  /** Each agent's offers, in whichever events they came. */
  readonly offers: Readonly<Record<string, Json[]>>;
  /** All else but heartbeats. */
  readonly others: Json[];
  /** Besides those that its time explains: one when it begins. */
  readonly heartbeats: number;
  /** SUBSCRIBED, HEARTBEAT and OFFERS come together at the start. */
  readonly startsWith: string[];
}

/** Every 15 s (src/master/constants.hpp, DEFAULT_HEARTBEAT_INTERVAL), give or take what a busy machine needs. */
const HEARTBEAT_MS = 15_000;
const HEARTBEAT_SLACK_MS = 1_000;

const firstHeartbeats = (count: number, livedMs: number): number => {
  const [least, most] = [-HEARTBEAT_SLACK_MS, HEARTBEAT_SLACK_MS].map((slack) => Math.max(0, Math.floor((livedMs + slack) / HEARTBEAT_MS)));
  return most !== least && count - (most ?? 0) === 1 ? 1 : count - (least ?? 0);
};

const viewOf = (stream: number, events: readonly Event[], livedMs: number): StreamView => {
  const names = new Map(namesIn(stream, events).map(({ key, id }) => [id, key]));
  const updates: Record<string, Json[]> = {};
  const offers: Record<string, Json[]> = {};
  const others: Json[] = [];
  for (const event of events) {
    const status = event.update?.status;
    if (status !== undefined) (updates[status.task_id.value] ??= []).push(neutral(event, names));
    else if (event.type === 'OFFERS')
      for (const offer of event.offers?.offers ?? []) (offers[offer.hostname] ??= []).push(neutral(offer, names));
    else if (event.type !== 'HEARTBEAT') others.push(neutral(event, names));
  }
  const first = events.slice(0, 2).map(({ type }) => type ?? '');
  const heartbeats = firstHeartbeats(events.filter(({ type }) => type === 'HEARTBEAT').length, livedMs);
  return { updates, offers, others, heartbeats, startsWith: first.map((type) => (type === 'OFFERS' ? 'HEARTBEAT' : type)) };
};

/** Times and ids. */
const UNCOMPARED = new Set(['date', 'mesos-stream-id']);

const headersOf = (headers: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !UNCOMPARED.has(name)));

export interface View {
  readonly streams: Readonly<Record<string, StreamView>>;
  readonly answers: Json[];
}

export const viewOfRecording = ({ lines }: Recording): View => {
  const streams = new Map<number, Event[]>();
  const [openedAt, closedAt] = [new Map<number, number>(), new Map<number, number>()];
  const answers: Json[] = [];
  for (const line of lines) {
    if (line.kind === 'subscribe') streams.set(line.stream, []);
    if (line.kind === 'subscribe') openedAt.set(line.stream, line.ms);
    if (line.kind === 'closed' || line.kind === 'client-closes') closedAt.set(line.stream, line.ms);
    if (line.kind === 'event') streams.get(line.stream)?.push(line.event);
    if (line.kind === 'subscribe' || line.kind === 'call' || line.kind === 'exchange') {
      const { status, headers, body = '' } = line.response;
      answers.push({ status, headers: headersOf(headers), body: neutral(body) });
    }
  }
  const livedMs = (stream: number): number => (closedAt.get(stream) ?? lines.at(-1)?.ms ?? 0) - (openedAt.get(stream) ?? 0);
  return {
    streams: Object.fromEntries([...streams].map(([stream, events]) => [stream, viewOf(stream, events, livedMs(stream))])),
    answers,
  };
};

export const viewOfObserved = ({ streams, answers, livedMs }: Observed): View => ({
  streams: Object.fromEntries([...streams].map(([stream, events]) => [stream, viewOf(stream, events, livedMs?.get(stream) ?? 0)])),
  answers: answers.map(({ status, headers, body }) => ({ status, headers: headersOf(headers), body: neutral(body) })),
});
