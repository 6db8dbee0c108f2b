// HTTP answers as Mesos's library gives them (3rdparty/libprocess/include/process/http.hpp).
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** What a handler decided, apart from streams. */
export interface Answer {
  readonly status: number;
  readonly body?: string | undefined;
}

export const ok: Answer = { status: 200 };
export const badRequest = (body: string): Answer => ({ status: 400, body });

/** Without a body there is no content type. */
export const sendText = (response: Response, { status, body }: Answer): void => {
  response.status(status);
  if (body === undefined) response.set('Content-Length', '0').end();
  else response.type('text/plain; charset=utf-8').send(body);
};

/** What is shorter is not worth it (3rdparty/libprocess/src/encoder.hpp, GZIP_MINIMUM_BODY_LENGTH). */
const SHORTEST_TO_ZIP = 1024;

/** The first that is named counts, gzip before `*`, unless its weight is 0 (Request::acceptsEncoding). */
const acceptsGzip = (accepted: string): boolean => {
  const named = accepted
    .replace(/[ \t]/g, '')
    .split(',')
    .map((one) => one.split(';'));
  const found = ['gzip', '*'].map((wanted) => named.find(([name = '']) => name.toLowerCase() === wanted)).find((one) => one !== undefined);
  const weight = found?.find((part) => part.startsWith('q='))?.slice(2);
  return found !== undefined && (weight === undefined || Number(weight) > 0);
};

export const sendBytes = (response: Response, bytes: Buffer, type: string): void => {
  const zips = bytes.length >= SHORTEST_TO_ZIP && acceptsGzip(response.req.get('accept-encoding') ?? '');
  const body = zips ? gzipSync(bytes) : bytes;
  // Not by Express's send(), which adds a charset: Mesos's types have none.
  response
    .writeHead(200, { 'Content-Type': type, 'Content-Length': body.length, ...(zips ? { 'Content-Encoding': 'gzip' } : {}) })
    .end(body);
};

/** `jsonp`: the function that the value is handed to, for pages that load it as a script. */
export const sendJson = (response: Response, value: unknown, jsonp?: string): void => {
  const json = JSON.stringify(value);
  if (jsonp === undefined) sendBytes(response, Buffer.from(json), 'application/json');
  else sendBytes(response, Buffer.from(`${jsonp}(${json})`), 'text/javascript');
};

export const notFound = (response: Response): void => sendText(response, { status: 404, body: '404 Not Found.' });

/** true when the method is one of them; else it is answered. */
export const allowsMethod = (request: Request, response: Response, methods: readonly string[]): boolean => {
  if (methods.includes(request.method)) return true;
  response.set('Allow', methods.join(', '));
  const expected = methods.map((method) => `'${method}'`).join(', ');
  sendText(response, { status: 405, body: `405 Method Not Allowed. Expecting one of { ${expected} }, but received '${request.method}'.` });
  return false;
};
