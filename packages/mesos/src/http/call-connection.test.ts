import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { codecOf } from '../codec/codec-of.js';
import { ScriptedMaster } from '../testing/scripted-master.js';
import { CallConnection, type CallConnectionOptions } from './call-connection.js';
import { ResponseReader } from './response-reader.js';

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const codec = codecOf('json');
const kill = (taskId: string) => codec.encodeCall({ type: 'KILL', kill: { task_id: { value: taskId } } });

const connectTo = (url: string, options: Partial<CallConnectionOptions> = {}) => {
  const broken: string[] = [];
  const connection = new CallConnection({
    url,
    mediaType: codec.mediaType,
    streamId: 's',
    timeoutMs: 10_000,
    maxUnanswered: 4,
    onBroken: (reason) => broken.push(reason),
    ...options,
  });
  cleanUps.push(() => connection.close('the test is over'));
  return { connection, broken, send: (...ids: string[]) => ids.map((id) => connection.send(kill(id))) };
};

const start = async (options: Partial<CallConnectionOptions> = {}) => {
  const master = await ScriptedMaster.start('json');
  cleanUps.push(() => master.stop());
  master.answersCalls = false;
  return { master, ...connectTo(master.url, options) };
};

const taken = async (master: ScriptedMaster, count: number) => {
  const calls = [];
  for (let index = 0; index < count; index++) calls.push(await master.calls.next());
  return calls;
};
const idsOf = (calls: { call: { kill?: { task_id: { value: string } } | undefined } }[]) =>
  calls.map(({ call }) => call.kill?.task_id.value);
const answered = (status: number, text = '') => ({ kind: 'answered', status, text });

describe('CallConnection', () => {
  it('writes calls in order over one connection, without waiting for the answers before', async () => {
    const { master, send } = await start();
    const answers = send('1', '2', '3');
    const calls = await taken(master, 3);
    expect(idsOf(calls)).toEqual(['1', '2', '3']);
    expect(new Set(calls.map(({ socket }) => socket)).size).toBe(1);
    calls[1]!.answer(400, 'no');
    calls[0]!.answer(202);
    calls[2]!.answer(202);
    expect(await Promise.all(answers)).toEqual([answered(202), answered(400, 'no'), answered(202)]);
  });

  it('keeps the order of a thousand calls, with few of them unanswered at a time', async () => {
    const { master, send } = await start();
    const ids = Array.from({ length: 1_000 }, (_, index) => String(index));
    const answers = send(...ids);
    let most = 0;
    for (let index = 0; index < ids.length; index++) {
      const { answer } = await master.calls.next();
      most = Math.max(most, master.calls.all.length - index);
      answer(202);
    }
    await Promise.all(answers);
    expect(idsOf(master.calls.all)).toEqual(ids);
    expect(most).toBeLessThanOrEqual(4);
    expect(new Set(master.calls.all.map(({ socket }) => socket)).size).toBe(1);
  });

  it('after a cut does not know of what was written, and did not send what was not', async () => {
    const { master, send, broken, connection } = await start({ maxUnanswered: 2 });
    const answers = send('1', '2', '3');
    const [first, second] = await taken(master, 2);
    first!.answer(202);
    const third = await master.calls.next();
    expect(idsOf([second!, third])).toEqual(['2', '3']);
    const fourth = connection.send(kill('4'));
    third.socket.destroy();
    expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(['answered', 'unknown', 'unknown']);
    expect((await fourth).kind).toBe('not-sent');
    expect(broken).toHaveLength(1);
    expect(await connection.send(kill('5'))).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('broke') });
    expect(master.calls.all).toHaveLength(3);
  });

  it('when closed does not know of what was written, and did not send what was not', async () => {
    const { master, send, connection, broken } = await start({ maxUnanswered: 1 });
    const answers = send('1', '2');
    await master.calls.next();
    connection.close('the subscription ended');
    expect(await Promise.all(answers)).toEqual([
      { kind: 'unknown', reason: 'the subscription ended' },
      { kind: 'not-sent', reason: 'the subscription ended' },
    ]);
    expect(broken).toEqual([]);
  });

  it('did not send what found no connection, and tries again with the next call', async () => {
    const { master, connection, broken } = await start();
    await master.stop();
    expect(await connection.send(kill('1'))).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('ECONNREFUSED') });
    expect(await connection.send(kill('2'))).toMatchObject({ kind: 'not-sent', reason: expect.stringContaining('ECONNREFUSED') });
    expect(broken).toEqual([]);
  });

  it('does not wait for an answer for ever', async () => {
    const { send, broken } = await start({ timeoutMs: 50 });
    expect((await Promise.all(send('1')))[0]).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('no answer to a call within'),
    });
    expect(broken).toHaveLength(1);
  });

  it('connects anew when the master closed the idle connection', async () => {
    const { master, connection, broken } = await start();
    master.answersCalls = true;
    await connection.send(kill('1'));
    const { socket } = await master.calls.next();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.end();
    await closed;
    expect(await connection.send(kill('2'))).toEqual(answered(202));
    expect((await master.calls.next()).socket).not.toBe(socket);
    expect(broken).toEqual([]);
  });

  it('connects anew for the next call when the answer says that the connection ends with it', async () => {
    const { master, connection, broken } = await start();
    const first = connection.send(kill('1'));
    (await master.calls.next()).answer(202, '', { Connection: 'close' });
    expect(await first).toEqual(answered(202));
    const second = connection.send(kill('2'));
    (await master.calls.next()).answer(202);
    expect(await second).toEqual(answered(202));
    expect(broken).toEqual([]);
  });

  it('leaves an idle connection before a server that says how long it keeps it', async () => {
    const { master, connection, broken } = await start();
    const answer = connection.send(kill('1'));
    const first = await master.calls.next();
    const closed = new Promise((resolve) => first.socket.on('close', resolve));
    first.answer(202, '', { 'Keep-Alive': 'timeout=1' });
    await answer;
    await closed;
    expect(broken).toEqual([]);
  });
});

/** A server that answers whatever comes with the bytes given. */
const startRaw = async (onData: (socket: Socket, count: number) => void): Promise<string> => {
  let count = 0;
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => onData(socket, ++count));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUps.push(() => new Promise((closed) => server.close(closed)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('CallConnection at a server that is no master', () => {
  it('reads chunked answers, in pieces', async () => {
    const url = await startRaw((socket) => {
      const text =
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nno w\r\n3;x=y\r\nay!\r\n0\r\nA: b\r\n\r\n';
      for (const byte of Buffer.from(text)) socket.write(Buffer.of(byte));
    });
    const { connection } = connectTo(url);
    expect(await connection.send(kill('1'))).toEqual(answered(400, 'no way!'));
    expect(await connection.send(kill('2'))).toEqual(answered(400, 'no way!'));
  });

  it.each(['SSH-2.0-OpenSSH\r\n\r\n', 'HTTP/1.1 202 Accepted\r\n\r\n', 'HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'])(
    'takes %j for a broken connection',
    async (bytes) => {
      const { connection, broken } = connectTo(await startRaw((socket) => void socket.write(bytes)));
      expect(await connection.send(kill('1'))).toMatchObject({ kind: 'unknown' });
      expect(broken).toHaveLength(1);
    },
  );

  it('keeps little of a long answer', async () => {
    const url = await startRaw((socket) => void socket.write(`HTTP/1.1 400 No\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(1_000_000)}`));
    const { connection } = connectTo(url);
    expect(await connection.send(kill('1'))).toEqual(answered(400, 'x'.repeat(16 * 1024)));
    expect(await connection.send(kill('2'))).toMatchObject({ status: 400 });
  });

  it('refuses an endless head', async () => {
    const url = await startRaw((socket) => void socket.write(`HTTP/1.1 202 A\r\nX: ${'x'.repeat(100_000)}`));
    expect(await connectTo(url).connection.send(kill('1'))).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('head') });
  });
});

describe('ResponseReader', () => {
  it('reads responses however they are cut', () => {
    const response = fc.record({ status: fc.constantFrom(200, 202, 400, 503), body: fc.string({ maxLength: 40 }), chunked: fc.boolean() });
    const bytesOf = ({ status, body, chunked }: { status: number; body: string; chunked: boolean }) => {
      const size = Buffer.byteLength(body);
      if (!chunked) return `HTTP/1.1 ${status} X\r\nContent-Length: ${size}\r\n\r\n${body}`;
      return `HTTP/1.1 ${status} X\r\nTransfer-Encoding: chunked\r\n\r\n${size === 0 ? '' : `${size.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;
    };
    fc.assert(
      fc.property(fc.array(response, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (responses, step) => {
        const bytes = Buffer.from(responses.map(bytesOf).join(''));
        const reader = new ResponseReader();
        const read = [];
        for (let at = 0; at < bytes.length; at += step) read.push(...reader.read(bytes.subarray(at, at + step)));
        expect(read.map(({ status, body }) => ({ status, body }))).toEqual(responses.map(({ status, body }) => ({ status, body })));
      }),
    );
  });
});
