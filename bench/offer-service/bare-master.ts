import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nMesos-Stream-Id: 1\r\nTransfer-Encoding: chunked\r\n\r\n';

/** The least of a master: one subscription, whose events are bytes made beforehand, and calls that are counted and accepted. */
export class BareMaster {
  calls = 0;
  onCalls: () => void = () => undefined;
  #stream: Socket | undefined;
  readonly #subscribed: Promise<void>;
  #tellSubscribed: () => void = () => undefined;

  private constructor(private readonly server: Server) {
    this.#subscribed = new Promise((resolve) => (this.#tellSubscribed = resolve));
    server.on('connection', (socket: Socket) => this.#serve(socket));
  }

  static async start(): Promise<BareMaster> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new BareMaster(server);
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
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

  #serve(socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
      let answers = 0;
      for (;;) {
        const headEnd = pending.indexOf(HEAD_END);
        if (headEnd < 0) break;
        const head = pending.toString('latin1', 0, headEnd).toLowerCase();
        const end = headEnd + HEAD_END.length + Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
        if (pending.length < end) break;
        pending = pending.subarray(end);
        if (head.includes('mesos-stream-id')) answers++;
        else {
          this.#stream = socket;
          socket.write(STREAM);
          this.#tellSubscribed();
        }
      }
      if (answers === 0) return;
      this.calls += answers;
      socket.write(ACCEPTED.repeat(answers));
      this.onCalls();
    });
  }
}
