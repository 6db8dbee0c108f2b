/** A stream that is not RecordIO, or a record above the limit. The stream cannot be read on. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

export const encodeRecord = (body: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${body.length}\n`, 'latin1'), body]);

export class RecordReader {
  constructor(readonly limitBytes: number = 64 * 1024 * 1024) {}

  /** The records that `chunk` completes, in order. Throws RecordError. */
  read(_chunk: Uint8Array): Uint8Array[] {
    throw new RecordError('not built yet');
  }
}
