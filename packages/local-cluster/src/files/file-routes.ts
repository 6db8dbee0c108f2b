// /files/browse, read, download and debug (src/files/files.cpp, FilesProcess; docs/endpoints/files).
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { badRequest, sendBytes, sendJson, sendText, type Answer } from '../http/answers.js';
import { queryOf, type Query } from '../http/requests.js';
import { fileErrorAnswer } from './file-calls.js';
import type { Files } from './files.js';
import { fileView } from './file-view.js';

const NO_PATH = badRequest(`Expecting 'path=value' in query.\n`);

/** 3rdparty/libprocess/src/mime.cpp; of all others: a stream of bytes. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tar': 'application/x-tar',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
  '.zip': 'application/zip',
};

/** A whole number from -1 on, which stands for none; or why it is refused. */
const numberOf = (query: Query, name: 'offset' | 'length'): number | Answer => {
  const text = query[name];
  if (text === undefined) return -1;
  if (!/^[-+]?\d+$/.test(text)) return badRequest(`Failed to parse ${name}: Failed to convert '${text}' to number.\n`);
  const number = Number(text);
  return number < -1 ? badRequest(`Negative ${name} provided: ${number}.\n`) : number;
};

/** Bytes as they are: those that are no UTF-8 too, which no JSON of JavaScript's can hold. */
const sendData = (response: Response, offset: number, data: Buffer, jsonp: string | undefined): void => {
  const json = JSON.stringify({ data: data.toString('latin1'), offset });
  if (jsonp === undefined) return sendBytes(response, Buffer.from(json, 'latin1'), 'application/json');
  sendBytes(response, Buffer.concat([Buffer.from(`${jsonp}(`), Buffer.from(json, 'latin1'), Buffer.from(')')]), 'text/javascript');
};

const read = async (files: Files, query: Query, path: string, response: Response): Promise<void> => {
  const offset = numberOf(query, 'offset');
  if (typeof offset === 'object') return sendText(response, offset);
  const length = numberOf(query, 'length');
  if (typeof length === 'object') return sendText(response, length);
  // Without an offset only the file's size is told.
  const { size, data } = await files.read(path, Math.max(0, offset), offset === -1 ? 0 : length === -1 ? undefined : length);
  sendData(response, offset === -1 ? size : offset, data, query['jsonp']);
};

const download = async (files: Files, virtualPath: string, response: Response): Promise<void> => {
  const path = await files.file(virtualPath, 'Cannot download a directory.\n');
  const { size } = await stat(path);
  response.writeHead(200, {
    'Content-Type': MIME_TYPES[extname(path)] ?? 'application/octet-stream',
    'Content-Disposition': `attachment; filename=${encodeURI(basename(path))}`,
    'Content-Length': size,
  });
  if (size === 0) return void response.end();
  // Not more than was promised, should the file grow meanwhile. A client that goes away ends it.
  await pipeline(createReadStream(path, { end: size - 1 }), response).catch(() => response.destroy());
};

export const fileRoutes = (files: Files): Router => {
  const router = Router({ caseSensitive: true });
  const withPath = (name: string, handle: (path: string, query: Query, response: Response) => Promise<void>): void => {
    router.all(`/files/${name}{/*rest}`, async (request: Request, response: Response) => {
      const query = queryOf(request);
      const { path } = query;
      if (path === undefined || path === '') return sendText(response, NO_PATH);
      try {
        await handle(path, query, response);
      } catch (error) {
        sendText(response, fileErrorAnswer(error));
      }
    });
  };
  withPath('browse', async (path, { jsonp }, response) => sendJson(response, (await files.browse(path)).map(fileView), jsonp));
  withPath('read', (path, query, response) => read(files, query, path, response));
  withPath('download', (path, _query, response) => download(files, path, response));
  router.all('/files/debug{/*rest}', async (request: Request, response: Response) =>
    sendJson(response, await files.attached(), queryOf(request)['jsonp']),
  );
  return router;
};
