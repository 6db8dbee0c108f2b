import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface AdapterRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

type Respond = (response: ServerResponse, request: AdapterRequest) => void;

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

/** Plays the Streams adapter: a real HTTP server that answers by a script; it ends with the test. */
export class AdapterOnTheWire {
  readonly asked: AdapterRequest[] = [];
  respond: Respond = (response) => response.end('{}');

  private constructor(readonly url: string) {}

  static async start(): Promise<AdapterOnTheWire> {
    const started: { adapter?: AdapterOnTheWire } = {};
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const asked = { path: request.url ?? '', authorization: request.headers.authorization, body };
        started.adapter?.asked.push(asked);
        started.adapter?.respond(response, asked);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    started.adapter = new AdapterOnTheWire(`http://127.0.0.1:${(server.address() as AddressInfo).port}/adapter`);
    return started.adapter;
  }
}
