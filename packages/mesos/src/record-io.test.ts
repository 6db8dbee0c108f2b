import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, RecordError, RecordReader } from './record-io.js';

const text = (records: Iterable<Uint8Array>) => [...records].map((record) => Buffer.from(record).toString('utf8'));
const readAll = (reader: RecordReader, chunks: Iterable<Uint8Array>) => [...chunks].flatMap((chunk) => text(reader.read(chunk)));
const bytes = (content: string) => Buffer.from(content, 'utf8');
const oneByOne = (content: Buffer) => Array.from(content, (byte) => Buffer.of(byte));

describe('RecordIO', () => {
  it('counts bytes, not characters', () => {
    expect(encodeRecord(bytes('für')).toString('utf8')).toBe('4\nfür');
    expect(readAll(new RecordReader(), [bytes('4\nfür5\nhello')])).toEqual(['für', 'hello']);
  });

  it('reads records byte by byte', () => {
    expect(readAll(new RecordReader(), oneByOne(bytes('4\nfür11\nline\nbreaks1\n\n')))).toEqual(['für', 'line\nbreaks', '\n']);
  });

  it('reads many records out of one chunk, without copying them', () => {
    const chunk = bytes('1\na2\nbb3\nccc');
    const records = [...new RecordReader().read(chunk)];
    expect(text(records)).toEqual(['a', 'bb', 'ccc']);
    expect(records.every((record) => record.buffer === chunk.buffer)).toBe(true);
  });

  it('skips empty lines between records', () => {
    expect(readAll(new RecordReader(), [bytes('\n\n2\nab\n\n'), bytes('\n1\nc\n')])).toEqual(['ab', 'c']);
  });

  it('gives a record of length 0 as an empty one', () => {
    expect(readAll(new RecordReader(), [bytes('0\n1\na')])).toEqual(['', 'a']);
  });

  it('knows whether the stream ended within a record', () => {
    const reader = new RecordReader();
    const endings = oneByOne(bytes('2\nab')).map((chunk) => {
      readAll(reader, [chunk]);
      return reader.isBetweenRecords;
    });
    expect(endings).toEqual([false, false, false, true]);
  });

  it('refuses a record above the limit by its length alone, after the records before it', () => {
    const reader = new RecordReader(10);
    const records = reader.read(bytes('2\nab11\n'));
    expect(Buffer.from(records.next().value!).toString()).toBe('ab');
    expect(() => records.next()).toThrow(/11 bytes is above the limit of 10 bytes/);
    expect(() => [...reader.read(bytes('1\na'))]).toThrow(RecordError);
  });

  it('accepts a record of exactly the limit', () => {
    expect(readAll(new RecordReader(10), [bytes('10\n0123456789')])).toEqual(['0123456789']);
  });

  it.each(['x', '-1\n', ' 1\na', '0x1\na', '1 \na', '<html>'])('refuses %j as a length', (stream) => {
    expect(() => [...new RecordReader().read(bytes(stream))]).toThrow(RecordError);
  });

  it('refuses endless digits', () => {
    expect(() => [...new RecordReader().read(bytes('0'.repeat(21)))]).toThrow(/more than 20 digits/);
  });

  it('reads back what it wrote, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.array(fc.nat({ max: 400 })), (records, cuts) => {
        const stream = Buffer.concat(records.map(encodeRecord));
        const at = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const reader = new RecordReader();
        const read = at
          .slice(1)
          .flatMap((end, index) => [...reader.read(stream.subarray(at[index], end))].map((one) => Buffer.from(one).toString('hex')));
        expect(read).toEqual(records.map((record) => Buffer.from(record).toString('hex')));
        expect(reader.isBetweenRecords).toBe(true);
      }),
    );
  });

  it('reads any bytes to the same records however they are cut, and fails only with RecordError', () => {
    const outcome = (chunks: Iterable<Uint8Array>) => {
      const reader = new RecordReader(100);
      const records: string[] = [];
      try {
        for (const chunk of chunks) for (const record of reader.read(chunk)) records.push(Buffer.from(record).toString('hex'));
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
        records.push('refused');
      }
      return records;
    };
    const almostRecords = fc
      .array(fc.oneof(fc.constantFrom('1\n', '\n', '12\n', 'x', '999\n'), fc.string({ maxLength: 5 })))
      .map((parts) => bytes(parts.join('')));
    fc.assert(
      fc.property(almostRecords, (stream) => {
        expect(outcome(oneByOne(stream))).toEqual(outcome([stream]));
      }),
      { numRuns: 300 },
    );
  });

  it('copies a long record in small chunks in linear time', () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 'a');
    const stream = encodeRecord(body);
    const reader = new RecordReader();
    const records: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += 64) records.push(...reader.read(stream.subarray(at, at + 64)));
    expect(records.map((record) => body.equals(record))).toEqual([true]);
  });
});
