import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { codecOf, type Encoding } from '@streams-on-mesos/mesos';

const HEAD_END = Buffer.from('\r\n\r\n');
const ACCEPTED = Buffer.from('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
const streamHead = (encoding: Encoding): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${codecOf(encoding).mediaType}\r\nMesos-Stream-Id: 1\r\nTransfer-Encoding: chunked\r\n\r\n`;

interface Head {
  readonly isCall: boolean;
  readonly bodyLength: number;
}

const readHead = (text: string): Head => {
  const head = text.toLowerCase();
  return { isCall: head.includes('mesos-stream-id'), bodyLength: Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0) };
};

/** The least of a master: one subscription, whose events are bytes made beforehand, and calls that are counted and accepted. */
export class BareMaster {
  calls = 0;
  onCalls: () => void = () => undefined;
  #stream: Socket | undefined;
  readonly #subscribed: Promise<void>;
  #tellSubscribed: () => void = () => undefined;
  /** The calls of one client have few different ones, so that each is read once: this master is not what is measured. */
  readonly #heads = new Map<string, Head>();

  private constructor(
    private readonly server: Server,
    private readonly encoding: Encoding,
  ) {
    this.#subscribed = new Promise((resolve) => (this.#tellSubscribed = resolve));
    server.on('connection', (socket: Socket) => this.#serve(socket));
  }

  static async start(encoding: Encoding = 'protobuf'): Promise<BareMaster> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BareMaster(server, encoding);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  subscribed(): Promise<void> {
    return this.#subscribed;
  }

  /** Writes records as one chunk; resolves when the socket takes more. */
  async send(records: Uint8Array): Promise<void> {
    const socket = this.#stream;
    if (socket === undefined) throw new Error('nobody is subscribed');
    socket.cork();
    socket.write(`${records.length.toString(16)}\r\n`);
    socket.write(records);
    const room = socket.write('\r\n');
    socket.uncork();
    if (!room) await new Promise((resolve) => socket.once('drain', resolve));
  }

  close(): void {
    this.#stream?.destroy();
    this.server.close();
  }

  #headOf(text: string): Head {
    let head = this.#heads.get(text);
    if (head === undefined) this.#heads.set(text, (head = readHead(text)));
    return head;
  }

  #serve(socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
      let at = 0;
      let answers = 0;
      for (;;) {
        const headEnd = pending.indexOf(HEAD_END, at);
        if (headEnd < 0) break;
        const { isCall, bodyLength } = this.#headOf(pending.toString('latin1', at, headEnd));
        const end = headEnd + HEAD_END.length + bodyLength;
        if (pending.length < end) break;
        at = end;
        if (isCall) answers++;
        else {
          this.#stream = socket;
          socket.write(streamHead(this.encoding));
          this.#tellSubscribed();
        }
      }
      pending = pending.subarray(at);
      if (answers === 0) return;
      this.calls += answers;
      socket.write(Buffer.concat(Array<Buffer>(answers).fill(ACCEPTED)));
      this.onCalls();
    });
  }
}
