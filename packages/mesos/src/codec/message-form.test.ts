import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { protocol } from '../generated/protocol.js';
import { completeMessage } from '../testing/complete-message.js';
import { encodingOf, recordedStreams, recordsIn, streamBytes } from '../testing/recordings.js';
import { isInForm, MessageError, messageForm } from './message-form.js';
import { schema } from './schema.js';
import { unknownFields } from './unknown-fields.js';

/** The same messages under names for which there are no generated tests, so that each of their fields is walked. */
const walked = protobuf.Root.fromJSON({ nested: { walked: { nested: protocol as protobuf.INamespace['nested'] & object } } }).resolveAll();
const types = ['Call', 'Event'].map((name) => [schema[name as 'Call'], walked.lookupType(`walked.mesos.v1.scheduler.${name}`)] as const);

type Plain = Record<string | number, unknown>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null;

/** Puts something in, or out, at a place within a message that the picks lead to. */
const spoilt = (message: unknown, picks: readonly number[], how: (holder: Plain, name: string) => void): unknown => {
  const copy = structuredClone(message);
  let holder = copy as Plain;
  for (const pick of picks) {
    const names = Object.keys(holder);
    const name = names[pick % names.length];
    if (name === undefined) break;
    const inner = holder[name];
    if (pick === picks.at(-1) || !isPlain(inner)) {
      how(holder, name);
      break;
    }
    holder = inner;
  }
  return copy;
};

const outcome = (type: protobuf.Type, message: unknown, strictness: 'lenient' | 'strict'): unknown => {
  try {
    const form = messageForm(type, message, 'it', strictness);
    return { form, kept: form[unknownFields] };
  } catch (error) {
    expect(error).toBeInstanceOf(MessageError);
    return (error as Error).message;
  }
};

const values = fc.constantFrom<unknown>(
  ...[undefined, null, true, 7, -7, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, NaN, Infinity, '', '7', '+7', '-1', 'AA=', 'AA==', 'A', 'TASK_LOST'],
  ...['9007199254740993', '-9007199254740993', '09007199254740993', '18446744073709551615', '18446744073709551616', '1e3', 'Infinity'],
  ...[{}, [], [{}], [null], [1], ['x'], { value: 'v' }, { value: 1 }, { x: undefined }],
);
const changes = fc.oneof(
  values.map((value) => (holder: Plain, name: string) => void (holder[name] = value)),
  values.map((value) => (holder: Plain) => void (Array.isArray(holder) ? holder.push(value) : (holder['novelty'] = value))),
  fc.constant((holder: Plain, name: string) => void (Array.isArray(holder) ? holder.pop() : delete holder[name])),
);

describe.each(types)('%s', (type, everyFieldWalked) => {
  it('spoilt in any place is tested and walked alike', () => {
    const parts = Object.entries(completeMessage(type)).map(([name, value]) => ({ [name]: value }));
    const places = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
    const some = fc.tuple(fc.constantFrom(...parts), places, changes).map(([part, picks, how]) => spoilt(part, picks, how));
    fc.assert(
      fc.property(some, fc.constantFrom('lenient', 'strict'), (message, strictness) => {
        const before = structuredClone(message);
        expect(outcome(type, message, strictness)).toEqual(outcome(everyFieldWalked, message, strictness));
        expect(message).toEqual(before);
      }),
      { numRuns: 1_500 },
    );
  });

  it('complete is in form, and is not copied', () => {
    const message = completeMessage(type);
    expect(messageForm(type, message, 'it', 'strict')).toBe(message);
  });
});

describe('in form, so that they are read at the pace of JSON.parse,', () => {
  const streams = recordedStreams.filter(({ folder }) => encodingOf(folder) === 'json');
  it.each(streams)('are all events of $folder/$stream without times, which are above 2^53', ({ folder, stream }) => {
    for (const record of recordsIn(streamBytes(folder, stream))) {
      const text = Buffer.from(record).toString('utf8');
      if (!text.includes('"nanoseconds"')) expect(isInForm(schema.Event, JSON.parse(text)), text).toBe(true);
    }
  });
});

describe('a message that is in form but for one thing', () => {
  const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }];
  const offer = (more: object) => ({
    id: { value: 'o' },
    framework_id: { value: 'f' },
    agent_id: { value: 'a' },
    hostname: 'h',
    resources,
    ...more,
  });

  it('keeps all the others as they are', () => {
    const event = { type: 'OFFERS', offers: { offers: [offer({}), offer({ novelty: 1 })] } };
    const { offers } = messageForm(schema.Event, event, 'event', 'lenient') as typeof event;
    expect(offers.offers[0]).toBe(event.offers.offers[0]);
    expect(offers.offers[1]).not.toBe(event.offers.offers[1]);
    expect(offers.offers[1]?.resources[0]).toBe(resources[0]);
  });
});
