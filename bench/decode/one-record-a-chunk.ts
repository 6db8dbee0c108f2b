import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Encoding } from '../../packages/mesos/src/index.js';
import { codecOf } from '../../packages/mesos/src/codec/codec-of.js';
import { encodeRecord } from '../../packages/mesos/src/record-io.js';

/** A master that answers SUBSCRIBE and then writes a record when told to, each in an HTTP chunk of its own. */
export interface RecordServer {
  readonly port: number;
  /** @returns once the subscription stands */
  readonly subscribed: Promise<void>;
  send(record: Buffer): void;
  close(): void;
}

export const startRecordServer = async (encoding: Encoding): Promise<RecordServer> => {
  const codec = codecOf(encoding);
  let stream: ServerResponse | undefined;
  let tell: () => void = () => {};
  const subscribed = new Promise<void>((resolve) => (tell = resolve));
  const hello = codec.encodeEvent({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'bench' }, heartbeat_interval_seconds: 15 } });
  const server = createServer((request, response) => {
    request.resume();
    if (stream !== undefined) return void response.writeHead(202).end();
    stream = response;
    response.writeHead(200, { 'Content-Type': codec.mediaType, 'Mesos-Stream-Id': 'bench' });
    response.write(encodeRecord(hello), tell);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    subscribed,
    send: (record) => void stream?.write(record),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
