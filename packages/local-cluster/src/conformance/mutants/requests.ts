import { fault, type Mutant } from './mutant.js';

const routes = 'master/http/scheduler-routes.ts';
const calls = 'master/domain/scheduler-calls.ts';
const validation = 'master/domain/validation/call-validation.ts';
const json = 'wire/message-from-json.ts';
const decode = 'wire/decode-call.ts';
const streams = 'master/http/event-streams.ts';
const subscription = 'master/domain/subscription.ts';

export const requestMutants: readonly Mutant[] = [
  fault(
    routes,
    `if (request.get('content-type') === undefined) return`,
    `if (false) return`,
    'a request without Content-Type is refused with 400',
  ),
  fault(
    'http/message-api.ts',
    `MEDIA_TYPES.find((type) => type === request.get('content-type'))`,
    `MEDIA_TYPES.find((type) => request.is(type))`,
    'a Content-Type with a parameter is refused with 415',
  ),
  fault(routes, `{ status: 415,`, `{ status: 400,`, 'an unknown Content-Type is refused with 415'),
  fault('http/answers.ts', `response.set('Allow', methods.join(', '));`, ``, 'another method than POST is refused with 405'),
  fault(
    'wire/json-syntax-error.ts',
    'return `syntax error at line ${line} near: ',
    'return `Syntax error at line ${line} near: ',
    'a body that is no JSON is refused with 400*',
    'an empty JSON body is refused with 400',
  ),
  fault(
    'wire/json-syntax-error.ts',
    'Parsed JSON included non-whitespace trailing characters',
    'Trailing characters',
    'something after the JSON value is refused with 400',
  ),
  fault(json, `throw new JsonConversionError('Expecting a JSON object')`, `return {}`, 'JSON that is no object is refused with 400'),
  fault(decode, `'Failed to parse body into Call protobuf'`, `'Malformed protobuf'`, 'a body that is no protobuf is refused with 400'),
  fault(
    json,
    'throw new JsonConversionError(`Not expecting a JSON ',
    'throw new JsonConversionError(`Expecting no JSON ',
    'a JSON field of the wrong kind is refused with 400, naming the field',
  ),
  fault(json, `field.required ? [`, `false ? [`, 'JSON that lacks required fields is refused with 400, naming them'),
  fault(json, 'Failed to base64 decode bytes field', 'Failed to decode field', 'bytes that are no base64 are refused with 400'),
  fault(
    validation,
    `return expecting('type')`,
    `return 'What type?'`,
    'a call without type is refused with 400',
    'a type that Mesos does not know counts as none',
  ),
  fault(validation, `return expecting('framework_id')`, `return undefined`, 'a call without framework_id is refused with 400'),
  fault(validation, `return expecting(body)`, `return undefined`, 'a call without its body is refused with 400, naming it'),
  fault(validation, `bytes.length === 16 && isKnownVersion`, `bytes.length === 16`, 'a uuid that is none is refused with 400'),
  fault(
    validation,
    `if (infoId !== (call.framework_id?.value ?? ''))`,
    `if (false)`,
    'SUBSCRIBE with a framework id at one place only is refused with 400',
  ),
  fault(
    calls,
    `{ status: 400, body: 'Framework cannot be found' }`,
    `{ status: 403, body: 'Framework cannot be found' }`,
    'a call of an unknown framework is refused with 400',
    'the stream of a framework that is torn down ends',
  ),
  fault(routes, `if (request.get('mesos-stream-id') !== undefined)`, `if (false)`, 'SUBSCRIBE with a Mesos-Stream-Id is refused with 400'),
  fault(routes, `{ status: 406,`, `{ status: 400,`, 'SUBSCRIBE whose Accept allows neither encoding is refused with 406'),
  fault(
    routes,
    `calls.handle(() => perform(request, response, call));`,
    `if (acceptedType(request) === undefined) return sendText(response, { status: 406 });\n    calls.handle(() => perform(request, response, call));`,
    'other calls do not care for Accept',
  ),
  fault(calls, `?? { status: 202 }`, `?? { status: 200 }`, 'a call that is taken is answered 202 without a body'),
  fault(
    json,
    `if (typeof value !== 'string') return unexpected(value, field);\n  if (!WHOLE_NUMBERS`,
    `if (typeof value === 'string') return 0;\n  if (!WHOLE_NUMBERS`,
    'fields that Mesos does not know are ignored*',
  ),
  fault(
    streams,
    `'Mesos-Stream-Id': id`,
    `'mesos-stream-id': 'stream'`,
    'SUBSCRIBE is answered 200 with a chunked body in the encoding asked for and a stream id',
  ),
  fault(
    streams,
    `    this.send(id, { type: 'HEARTBEAT' });\n    this.beat`,
    `    this.beat`,
    'SUBSCRIBED is the first event, HEARTBEAT comes at once after it',
  ),
  fault(
    subscription,
    `heartbeat_interval_seconds: master.settings.heartbeatIntervalSeconds`,
    `heartbeat_interval_seconds: 30`,
    'SUBSCRIBED tells the framework id, the heartbeat interval and the master',
  ),
  fault(streams, `, this.heartbeatMs)`, `, 2 * this.heartbeatMs)`, 'HEARTBEAT comes every 15 seconds'),
  fault(
    'http/message-api.ts',
    `const MEDIA_TYPES = ['application/json', 'application/x-protobuf'] as const`,
    `const MEDIA_TYPES = ['application/x-protobuf', 'application/json'] as const`,
    'without Accept the stream is JSON, whatever the encoding of the call',
  ),
  fault(
    routes,
    `streams.open(stream, response, mediaType)`,
    `streams.open(stream, response, contentType(request) ?? mediaType)`,
    'the encoding of the stream is what Accept says, not that of the call',
  ),
  fault(
    'wire/encode-event.ts',
    'Buffer.from(`${bytes.length}\\n`)',
    "Buffer.from(`${bytes.toString('utf8').length}\\n`)",
    'a record is as long as its bytes, not its characters',
  ),
  fault(subscription, `master.next.framework += 1;`, `void 0;`, 'each new framework has an id of its own, counted up'),
  fault('master/domain/allocator/offers.ts', `path: '/slave(1)'`, `path: '/'`, 'a framework that never had offers gets some at once'),
  fault(
    'master/domain/allocator/offers.ts',
    `hasCapability(framework.info, 'MULTI_ROLE') ? offer.role : undefined`,
    `offer.role`,
    'a framework without MULTI_ROLE sees no allocation in its offers',
  ),
];
