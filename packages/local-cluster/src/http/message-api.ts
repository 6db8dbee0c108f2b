// POST /api/v1 of a master and of an agent: a message in, a message out, in either encoding (master/http.cpp and slave/http.cpp, api).
import type { Request, Response } from 'express';
import type protobuf from 'protobufjs';
import { decodeMessage, type DecodedMessage, type MediaType } from '../wire/decode-call.js';
import { encodeMessage } from '../wire/encode-event.js';
import { sendBytes, sendText, type Answer } from './answers.js';
import { bodyOf } from './requests.js';

const MEDIA_TYPES = ['application/json', 'application/x-protobuf'] as const;

/** Compared as it stands: Mesos knows no parameters of a content type. */
export const contentType = (request: Request): MediaType | undefined => MEDIA_TYPES.find((type) => type === request.get('content-type'));

/** JSON is tried first, so a request that takes anything gets JSON. */
export const acceptedType = (request: Request): MediaType | undefined => MEDIA_TYPES.find((type) => request.accepts(type) !== false);

export const decodeBody = <T extends { type?: unknown }>(type: protobuf.Type, request: Request, mediaType: MediaType): DecodedMessage<T> =>
  decodeMessage<T>(type, bodyOf(request), mediaType);

/** A message of the API, or a plain answer where Mesos gives one. */
export type ApiResult = { readonly message: object } | Answer;

export const sendResult = (response: Response, result: ApiResult, type: protobuf.Type, mediaType: MediaType): void => {
  if ('message' in result) sendBytes(response, encodeMessage(type, result.message, mediaType), mediaType);
  else sendText(response, result);
};
