// HTTP answers as Mesos's library gives them (3rdparty/libprocess/include/process/http.hpp).
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
  if (body === undefined) response.set('content-length', '0').end();
  else response.type('text/plain; charset=utf-8').send(body);
};

export const sendBytes = (response: Response, bytes: Buffer, type: string): void => {
  // Not by Express's send(), which adds a charset: Mesos's types have none.
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
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
  response.set('allow', methods.join(', '));
  const expected = methods.map((method) => `'${method}'`).join(', ');
  sendText(response, { status: 405, body: `405 Method Not Allowed. Expecting one of { ${expected} }, but received '${request.method}'.` });
  return false;
};
