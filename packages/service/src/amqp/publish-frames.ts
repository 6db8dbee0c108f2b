// What Basic.Publish is on the wire: AMQP 0-9-1, sections 2.3.5 (frames), 4.2 (grammar) and the class basic.

/** The properties that messages of ours may carry. Texts have at most 255 bytes, those of headers excepted. */
export interface MessageProperties {
  /** Kept over a restart of the broker, in a durable queue. */
  readonly persistent?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly replyTo?: string;
  readonly messageId?: string;
}

/** A message ready to be sent: bytes and where they go. */
export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: MessageProperties;
}

export interface FrameOptions {
  /** Number of the channel. */
  readonly channel: number;
  /** Bytes of the largest frame that the broker takes. */
  readonly frameMax: number;
  /** Given: the broker returns the message when no queue takes it (mandatory), with this number as its correlation id. */
  readonly returnedAs: number | undefined;
}

const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const FRAME_END = 0xce;
/** Type, channel and size before the payload, the end after it. */
const AROUND_PAYLOAD = 8;

const BASIC = 60;
const PUBLISH = 40;
const MANDATORY = 1;

const HEADERS_SET = 1 << 13;
const DELIVERY_MODE_SET = 1 << 12;
const CORRELATION_ID_SET = 1 << 10;
const REPLY_TO_SET = 1 << 9;
const MESSAGE_ID_SET = 1 << 7;
const PERSISTENT = 2;
const TRANSIENT = 1;

const MAX_SHORT_TEXT = 255;
/** More than all but headers and content take: frames around method, properties and a piece of content, five short texts, numbers. */
const FIXED_BYTES = 3 * AROUND_PAYLOAD + 5 * (1 + MAX_SHORT_TEXT) + 64;

const headerBytes = (headers: MessageProperties['headers']): number => {
  let bytes = 0;
  for (const text of Object.values(headers ?? {})) bytes += 2 + MAX_SHORT_TEXT + 4 + Buffer.byteLength(text);
  return bytes;
};

/** Bytes that have to be free where `writePublish` writes. */
export const roomForPublish = ({ content, properties }: Publication, { frameMax }: FrameOptions): number => {
  const contentFrames = Math.ceil(content.length / (frameMax - AROUND_PAYLOAD));
  return FIXED_BYTES + headerBytes(properties.headers) + content.length + contentFrames * AROUND_PAYLOAD;
};

/** Writes all frames of the message from `at` on; returns where they end. @throws RangeError when a text is too long, with nothing to be sent */
export const writePublish = (to: Buffer, at: number, publication: Publication, options: FrameOptions): number => {
  const { content } = publication;
  const { channel, frameMax } = options;
  let end = writeMethod(to, at, publication, options);
  end = writeHeader(to, end, publication, options);
  const most = frameMax - AROUND_PAYLOAD;
  for (let from = 0; from < content.length; from += most) {
    const payload = end + AROUND_PAYLOAD - 1;
    end = closeFrame(to, BODY, channel, end, payload + content.copy(to, payload, from, Math.min(content.length, from + most)));
  }
  return end;
};

/** Puts what belongs around a payload that ends here; returns where the frame ends. */
const closeFrame = (to: Buffer, type: number, channel: number, start: number, payloadEnd: number): number => {
  to[start] = type;
  to.writeUInt16BE(channel, start + 1);
  to.writeUInt32BE(payloadEnd - start - (AROUND_PAYLOAD - 1), start + 3);
  to[payloadEnd] = FRAME_END;
  return payloadEnd + 1;
};

const writeMethod = (to: Buffer, start: number, { exchange, routingKey }: Publication, { channel, returnedAs }: FrameOptions): number => {
  let at = to.writeUInt16BE(BASIC, start + AROUND_PAYLOAD - 1);
  at = to.writeUInt16BE(PUBLISH, at);
  // a ticket, which nobody uses any more
  at = to.writeUInt16BE(0, at);
  at = shortText(to, at, exchange, 'exchange');
  at = shortText(to, at, routingKey, 'routing key');
  to[at] = returnedAs === undefined ? 0 : MANDATORY;
  return closeFrame(to, METHOD, channel, start, at + 1);
};

const writeHeader = (to: Buffer, start: number, { content, properties }: Publication, { channel, returnedAs }: FrameOptions): number => {
  const { headers, replyTo, messageId, persistent = false } = properties;
  let at = to.writeUInt16BE(BASIC, start + AROUND_PAYLOAD - 1);
  // a weight, always 0
  at = to.writeUInt16BE(0, at);
  at = to.writeUInt32BE(0, at);
  at = to.writeUInt32BE(content.length, at);
  const flagsAt = at;
  let flags = DELIVERY_MODE_SET;
  at += 2;
  if (headers !== undefined) {
    flags |= HEADERS_SET;
    at = table(to, at, headers);
  }
  to[at++] = persistent ? PERSISTENT : TRANSIENT;
  if (returnedAs !== undefined) {
    flags |= CORRELATION_ID_SET;
    at = shortText(to, at, String(returnedAs), 'correlation id');
  }
  if (replyTo !== undefined) {
    flags |= REPLY_TO_SET;
    at = shortText(to, at, replyTo, 'reply queue');
  }
  if (messageId !== undefined) {
    flags |= MESSAGE_ID_SET;
    at = shortText(to, at, messageId, 'message id');
  }
  to.writeUInt16BE(flags, flagsAt);
  return closeFrame(to, HEADER, channel, start, at);
};

const shortText = (to: Buffer, at: number, text: string, what: string): number => {
  const { length } = text;
  if (length <= MAX_SHORT_TEXT) {
    let n = 0;
    // mostly ASCII and short, which is faster written here than by Node
    for (; n < length; n++) {
      const code = text.charCodeAt(n);
      if (code > 0x7f) break;
      to[at + 1 + n] = code;
    }
    if (n === length) {
      to[at] = length;
      return at + 1 + length;
    }
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_SHORT_TEXT) throw new RangeError(`the ${what} of a message has ${bytes} bytes, at most ${MAX_SHORT_TEXT} can be sent`);
  to[at] = bytes;
  return at + 1 + to.write(text, at + 1);
};

const table = (to: Buffer, start: number, headers: Readonly<Record<string, string>>): number => {
  let at = start + 4;
  for (const [name, text] of Object.entries(headers)) {
    at = shortText(to, at, name, 'header');
    to[at] = 'S'.charCodeAt(0);
    const bytes = to.write(text, at + 5);
    to.writeUInt32BE(bytes, at + 1);
    at += 5 + bytes;
  }
  to.writeUInt32BE(at - start - 4, start);
  return at;
};
