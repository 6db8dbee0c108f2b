// What the client puts on the wire, byte for byte, beside what another implementation sent to a real Mesos (recordings/README.md).
import { afterEach, describe, expect, it } from 'vitest';
import { codecOf } from './codec/codec-of.js';
import type { Call } from './generated/protocol.js';
import { SchedulerClient } from './scheduler-client.js';
import { asRecorded, encodingOf, linesOf, protocBytes, recordedFolders, recordsIn, streamBytes } from './testing/recordings.js';
import { ScriptedMaster } from './testing/scripted-master.js';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Request {
  readonly call: Call;
  /** In protobuf, as protoc writes it. */
  readonly reference: string | undefined;
}

/** A subscription of a recording that Mesos took, and the calls of it that are of Mesos's form. */
interface Session {
  readonly folder: string;
  readonly stream: number;
  readonly subscribe: Request & { readonly call: { readonly subscribe: Call.Subscribe } };
  /** The records up to SUBSCRIBED. */
  readonly greeting: Buffer;
  readonly streamId: string;
  readonly calls: readonly Request[];
}

/** Records of the stream up to SUBSCRIBED, and the framework id in it. */
const greetingOf = (folder: string, stream: number) => {
  const bytes = streamBytes(folder, stream);
  const codec = codecOf(encodingOf(folder));
  let end = 0;
  for (const record of recordsIn(bytes)) {
    end = record.byteOffset - bytes.byteOffset + record.length;
    const { subscribed } = codec.decodeEvent(record);
    if (subscribed !== undefined) return { greeting: bytes.subarray(0, end), frameworkId: subscribed.framework_id.value };
  }
  return undefined;
};

const sessionsOf = (folder: string): Session[] => {
  const references = protocBytes(folder, 'calls');
  const requests = linesOf(folder)
    .filter(({ request }) => request?.call !== undefined)
    .map(({ request, response, stream }, index) => ({ call: request!.call!, request, response, stream, reference: references[index] }));
  return requests.flatMap(({ call, response, stream, reference }) => {
    const streamId = response?.headers?.['mesos-stream-id'];
    if (
      call.subscribe === undefined ||
      response?.status !== 200 ||
      streamId === undefined ||
      stream === undefined ||
      reference === undefined
    )
      return [];
    const hello = greetingOf(folder, stream);
    if (hello === undefined) return [];
    const calls = requests.filter(
      ({ call: { framework_id, type }, request, reference: known }) =>
        type !== 'SUBSCRIBE' &&
        known !== undefined &&
        framework_id?.value === hello.frameworkId &&
        request?.headers?.['Mesos-Stream-Id'] === streamId,
    );
    const subscribe = { call: { ...call, subscribe: call.subscribe }, reference };
    return [{ folder, stream, subscribe, greeting: hello.greeting, streamId, calls }];
  });
};

const sessions = recordedFolders.flatMap(sessionsOf);

const expectSame = (folder: string, body: Buffer, { call, reference }: Request): void => {
  if (encodingOf(folder) === 'json') expect(JSON.parse(body.toString('utf8'))).toEqual(asRecorded(call));
  else expect(body.toString('hex')).toBe(reference);
};

describe.each(sessions)('subscription $stream of $folder', ({ folder, subscribe, greeting, streamId, calls }) => {
  it('is asked for, and its calls are made, in the bytes that Mesos took', async () => {
    const encoding = encodingOf(folder);
    const master = await ScriptedMaster.start(encoding);
    cleanUps.push(() => master.stop());
    const { framework_info, suppressed_roles, offer_constraints } = subscribe.call.subscribe;
    const { id: _, ...frameworkInfo } = framework_info;
    const client = new SchedulerClient({
      master: master.host,
      frameworkInfo,
      frameworkId: subscribe.call.framework_id?.value,
      suppressedRoles: () => suppressed_roles ?? [],
      offerConstraints: () => offer_constraints,
      encoding,
    });
    const abort = new AbortController();
    cleanUps.push(() => abort.abort());
    const told = client.subscribe({ signal: abort.signal }).next();
    const arrived = await master.subscribes.next();
    expectSame(folder, arrived.body, subscribe);
    arrived.open(streamId);
    arrived.sendBytes(greeting);
    expect((await told).value?.kind).toBe('subscribed');
    for (const request of calls) {
      const { framework_id: _id, ...body } = request.call;
      expect(await client.call(body)).toEqual({ result: 'sent' });
      const { body: sent, headers } = await master.calls.next();
      expectSame(folder, sent, request);
      expect(headers['mesos-stream-id']).toBe(streamId);
    }
  });
});

/** Raw requests to the scheduler API that are a call of its form, whatever else was wrong with them. */
const rawCalls = recordedFolders.flatMap((folder) =>
  linesOf(folder).flatMap(({ request }) => {
    if (request?.url !== '/api/v1/scheduler' || request.bodyBase64 === undefined) return [];
    const bytes = Buffer.from(request.bodyBase64, 'base64');
    const isJson = bytes[0] === 0x7b;
    return [{ folder, bytes, isJson }];
  }),
);

it('bodies of raw requests are read, and written as they were', () => {
  const written = rawCalls.flatMap(({ folder, bytes, isJson }) => {
    const codec = codecOf(isJson ? 'json' : 'protobuf');
    let call: Call;
    try {
      call = codec.decodeCall(bytes);
    } catch {
      return [];
    }
    if (call.type === undefined || call.framework_id === undefined) return [];
    const again = Buffer.from(codec.encodeCall(call));
    if (isJson) expect(JSON.parse(again.toString('utf8')), folder).toEqual(JSON.parse(bytes.toString('utf8')));
    else expect(again.toString('hex'), folder).toBe(bytes.toString('hex'));
    return [isJson];
  });
  expect([written.filter((json) => json).length, written.filter((json) => !json).length]).toEqual([75, 39]);
});

it('every kind of call that was recorded is among them', () => {
  const recorded = new Set(recordedFolders.flatMap((folder) => linesOf(folder).flatMap(({ request }) => request?.call?.type ?? [])));
  const sent = new Set(sessions.flatMap(({ calls }) => calls.map(({ call }) => call.type)));
  expect([...recorded].filter((type) => type !== 'SUBSCRIBE' && !sent.has(type))).toEqual([]);
});
