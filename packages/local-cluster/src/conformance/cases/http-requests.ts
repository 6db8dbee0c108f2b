// What the scheduler API refuses before it looks at the framework, and how it says so.
import type { Call } from '../../generated/protocol.js';
import { encodeCall, mediaTypeOf, type Answer, type Exchange } from '../../testing/wire-client.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectMatch } from '../expect.js';

const source = 'src/master/http.cpp, Master::Http::scheduler';
const validate = 'src/master/validation.cpp, scheduler::call::validate';
const PATH = '/api/v1/scheduler';

const expectRefusal = (what: string, answer: Answer, status: number, body: string): void => {
  expectEqual(what, { status: answer.status, body: answer.body }, { status, body });
  expectMatch(`${what}, content type`, answer.headers['content-type'], /^text\/plain/);
};

const someCall = (context: CaseContext, call: Partial<Call> = { type: 'REVIVE', framework_id: { value: 'nobody' } }): Buffer =>
  encodeCall(call, context.encoding);

/** A request whose headers are what it is about. */
const request = (context: CaseContext, headers: Readonly<Record<string, string>>, more: Partial<Exchange> = {}): Promise<Answer> =>
  context.client.exchange({ method: 'POST', path: PATH, headers, body: someCall(context), ...more });

const invalid = (reason: string): string => `Failed to validate scheduler::Call: ${reason}`;

/** Calls that mean nothing without their body. */
const WITH_BODY: readonly (readonly [Call.Type, string, since?: string])[] = [
  ['ACCEPT', 'accept'],
  ['DECLINE', 'decline'],
  ['ACCEPT_INVERSE_OFFERS', 'accept_inverse_offers'],
  ['DECLINE_INVERSE_OFFERS', 'decline_inverse_offers'],
  ['KILL', 'kill'],
  ['SHUTDOWN', 'shutdown'],
  ['ACKNOWLEDGE', 'acknowledge'],
  ['RECONCILE', 'reconcile'],
  ['MESSAGE', 'message'],
  ['REQUEST', 'request'],
  ['ACKNOWLEDGE_OPERATION_STATUS', 'acknowledge_operation_status', '1.7'],
  ['RECONCILE_OPERATIONS', 'reconcile_operations', '1.7'],
  ['UPDATE_FRAMEWORK', 'update_framework', '1.10'],
];

export const httpRequestCases: readonly ConformanceCase[] = [
  {
    name: 'a request without Content-Type is refused with 400',
    source,
    run: async (context) => expectRefusal('the answer', await request(context, {}), 400, `Expecting 'Content-Type' to be present`),
  },
  {
    name: 'a Content-Type with a parameter is refused with 415',
    source: `${source}: compared as it stands`,
    run: async (context) => {
      const answer = await request(context, { 'Content-Type': `${mediaTypeOf(context.encoding)}; charset=utf-8` });
      expectRefusal('the answer', answer, 415, `Expecting 'Content-Type' of application/json or application/x-protobuf`);
    },
  },
  {
    name: 'an unknown Content-Type is refused with 415',
    source,
    run: async (context) => {
      const answer = await request(context, { 'Content-Type': 'text/plain' });
      expectRefusal('the answer', answer, 415, `Expecting 'Content-Type' of application/json or application/x-protobuf`);
    },
  },
  {
    name: 'another method than POST is refused with 405',
    source: `${source}; 3rdparty/libprocess, MethodNotAllowed`,
    run: async (context) => {
      const answer = await request(context, { 'Content-Type': 'application/json' }, { method: 'PUT' });
      expectRefusal('the answer', answer, 405, `405 Method Not Allowed. Expecting one of { 'POST' }, but received 'PUT'.`);
      expectEqual('the Allow header', answer.headers.allow, 'POST');
    },
  },
  {
    name: 'a body that is no JSON is refused with 400 and the place where it stops being JSON',
    source: `${source}; 3rdparty/stout, JSON::parse`,
    run: async (context) => {
      const answer = await context.post('not a call');
      expectRefusal('the answer', answer, 400, 'Failed to parse body into JSON: syntax error at line 1 near: ot a call');
    },
  },
  {
    name: 'an empty JSON body is refused with 400',
    source,
    run: async (context) =>
      expectRefusal('the answer', await context.post(''), 400, 'Failed to parse body into JSON: syntax error at line 1 near: '),
  },
  {
    name: 'something after the JSON value is refused with 400',
    source: '3rdparty/stout/include/stout/json.hpp, parse',
    run: async (context) => {
      const answer = await context.post('{} more');
      expectEqual('the status', answer.status, 400);
      expectMatch('the text', answer.body, /^Failed to parse body into JSON: Parsed JSON included non-whitespace trailing characters/);
    },
  },
  {
    name: 'JSON that is no object is refused with 400',
    source: '3rdparty/stout/include/stout/protobuf.hpp, Parse',
    run: async (context) =>
      expectRefusal('the answer', await context.post('[]'), 400, 'Failed to convert JSON into Call protobuf: Expecting a JSON object'),
  },
  {
    name: 'a body that is no protobuf is refused with 400',
    source,
    encodings: ['pb'],
    run: async (context) =>
      expectRefusal('the answer', await context.post(Buffer.from([0xff, 0xff, 0xff])), 400, 'Failed to parse body into Call protobuf'),
  },
  {
    name: 'a JSON field of the wrong kind is refused with 400, naming the field',
    source: '3rdparty/stout/include/stout/protobuf.hpp, internal::Parser',
    run: async (context) => {
      const answer = await context.post('{"type": "REVIVE", "framework_id": "text"}');
      expectRefusal(
        'the answer',
        answer,
        400,
        `Failed to convert JSON into Call protobuf: Not expecting a JSON string for field 'framework_id'`,
      );
    },
  },
  {
    name: 'JSON that lacks required fields is refused with 400, naming them',
    source: '3rdparty/stout/include/stout/protobuf.hpp, Parse: InitializationErrorString',
    run: async (context) => {
      const answer = await context.post('{"type": "SUBSCRIBE", "subscribe": {"framework_info": {"name": "x"}}}');
      const text = 'Failed to convert JSON into Call protobuf: Missing required fields: subscribe.framework_info.user';
      expectRefusal('the answer', answer, 400, text);
    },
  },
  {
    name: 'bytes that are no base64 are refused with 400',
    source: '3rdparty/stout/include/stout/protobuf.hpp, internal::Parser: TYPE_BYTES',
    run: async (context) => {
      const body = {
        type: 'ACKNOWLEDGE',
        framework_id: { value: 'f' },
        acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: '*' },
      };
      const answer = await context.post(JSON.stringify(body));
      expectEqual('the status', answer.status, 400);
      expectMatch('the text', answer.body, /^Failed to convert JSON into Call protobuf: Failed to base64 decode bytes field 'uuid': /);
    },
  },
  {
    name: 'a call without type is refused with 400',
    source: validate,
    encodings: bothEncodings,
    run: async (context) => {
      const answer = await context.post(someCall(context, { framework_id: { value: 'nobody' } }));
      expectRefusal('the answer', answer, 400, invalid(`Expecting 'type' to be present`));
    },
  },
  {
    name: 'a type that Mesos does not know counts as none',
    source: '3rdparty/stout/include/stout/protobuf.hpp, internal::Parser: TYPE_ENUM',
    run: async (context) => {
      const answer = await context.post('{"type": "DANCE", "framework_id": {"value": "nobody"}}');
      expectRefusal('the answer', answer, 400, invalid(`Expecting 'type' to be present`));
    },
  },
  {
    name: 'a call without framework_id is refused with 400',
    source: validate,
    encodings: bothEncodings,
    run: async (context) =>
      expectRefusal(
        'the answer',
        await context.post(someCall(context, { type: 'REVIVE' })),
        400,
        invalid(`Expecting 'framework_id' to be present`),
      ),
  },
  {
    name: 'a call without its body is refused with 400, naming it',
    source: validate,
    run: async (context) => {
      for (const [type, field, since = '1.5'] of WITH_BODY) {
        if (!context.isAtLeast(since)) continue;
        const answer = await context.post(someCall(context, { type, framework_id: { value: 'nobody' } }));
        expectRefusal(`the answer to ${type}`, answer, 400, invalid(`Expecting '${field}' to be present`));
      }
      const answer = await context.post('{"type": "SUBSCRIBE"}');
      expectRefusal('the answer to SUBSCRIBE', answer, 400, invalid(`Expecting 'subscribe' to be present`));
    },
  },
  {
    name: 'a uuid that has not 16 bytes is refused with 400',
    source: `${validate}; 3rdparty/stout/include/stout/uuid.hpp, fromBytes`,
    run: async (context) => {
      const acknowledge = { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: Buffer.from('short').toString('base64') };
      const answer = await context.post(someCall(context, { type: 'ACKNOWLEDGE', framework_id: { value: 'nobody' }, acknowledge }));
      expectRefusal('the answer', answer, 400, invalid('Not a valid UUID, expecting 16 bytes but got 5'));
    },
  },
  {
    name: 'SUBSCRIBE with a framework id at one place only is refused with 400',
    source: validate,
    run: async (context) => {
      const subscribe = { framework_info: context.frameworkInfo() };
      const answer = await context.post(someCall(context, { type: 'SUBSCRIBE', framework_id: { value: 'f' }, subscribe }));
      expectRefusal('the answer', answer, 400, invalid(`'framework_id' differs from 'subscribe.framework_info.id'`));
    },
  },
  {
    name: 'a call of an unknown framework is refused with 400',
    source,
    run: async (context) =>
      expectRefusal('the answer', await context.post(someCall(context), { 'Mesos-Stream-Id': 'any' }), 400, 'Framework cannot be found'),
  },
  {
    name: 'SUBSCRIBE with a Mesos-Stream-Id is refused with 400',
    source,
    run: async (context) => {
      const answer = await context.post(someCall(context, context.subscribeCall(context.frameworkInfo())), { 'Mesos-Stream-Id': 'any' });
      expectRefusal('the answer', answer, 400, `Subscribe calls should not include the 'Mesos-Stream-Id' header`);
    },
  },
  {
    name: 'SUBSCRIBE whose Accept allows neither encoding is refused with 406',
    source,
    run: async (context) => {
      const answer = await context.post(someCall(context, context.subscribeCall(context.frameworkInfo())), { Accept: 'text/html' });
      expectRefusal('the answer', answer, 406, `Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'`);
    },
  },
  {
    name: 'other calls do not care for Accept',
    source: `${source}: only SUBSCRIBE and RECONCILE_OPERATIONS look at it`,
    run: async (context) => {
      const framework = await context.framework();
      const headers = { 'Mesos-Stream-Id': framework.subscription.streamId, Accept: 'text/html' };
      const answer = await context.post(someCall(context, { type: 'REVIVE', framework_id: { value: framework.id } }), headers);
      expectEqual('the status', answer.status, 202);
    },
  },
  {
    name: 'a call that is taken is answered 202 without a body',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const answer = await (await context.framework()).call({ type: 'SUPPRESS' });
      expectEqual('the status', answer.status, 202);
      expectEqual('the Content-Length', answer.headers['content-length'], '0');
    },
  },
  {
    name: 'fields that Mesos does not know are ignored, null is unset, numbers may be texts',
    source: '3rdparty/stout/include/stout/protobuf.hpp, internal::Parser',
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const call = {
        type: 'DECLINE',
        framework_id: { value: framework.id, colour: 'blue' },
        unheard_of: [1, 2],
        accept: null,
        decline: { offer_ids: [offer.id], filters: { refuse_seconds: '3600.5' } },
      };
      const answer = await context.post(JSON.stringify(call), { 'Mesos-Stream-Id': framework.subscription.streamId });
      expectEqual('the answer', { status: answer.status, body: answer.body }, { status: 202, body: '' });
      // Read as 0 or as the default, the filter would let the agent's resources come again.
      await framework.expectNoOffer('refused for an hour', ({ agent_id }) => agent_id.value === offer.agent_id.value, 1500);
    },
  },
];
