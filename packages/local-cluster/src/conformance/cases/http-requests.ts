// What the scheduler API refuses before it looks at the framework, and how it says so.
import type { Call } from '../../generated/protocol.js';
import { encodeCall, mediaTypeOf, type Answer, type Exchange } from '../../testing/wire-client.js';
import { bothEncodings, type ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual } from '../expect.js';
import { expectRefusal, invalid } from './refusals.js';

const source = 'src/master/http.cpp, Master::Http::scheduler';
const validate = 'src/master/validation.cpp, scheduler::call::validate';
const PATH = '/api/v1/scheduler';

const someCall = (context: CaseContext, call: Partial<Call> = { type: 'REVIVE', framework_id: { value: 'nobody' } }): Buffer =>
  encodeCall(call, context.encoding);

/** A request whose headers are what it is about. */
const request = (context: CaseContext, headers: Readonly<Record<string, string>>, more: Partial<Exchange> = {}): Promise<Answer> =>
  context.client.exchange({ method: 'POST', path: PATH, headers, body: someCall(context), ...more });

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
    name: 'a call without type is refused with 400',
    source: validate,
    encodings: bothEncodings,
    run: async (context) => {
      const answer = await context.post(someCall(context, { framework_id: { value: 'nobody' } }));
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
    name: 'a uuid that is none is refused with 400',
    source: `${validate}; 3rdparty/stout/include/stout/uuid.hpp, fromBytes: 16 bytes of a known version`,
    run: async (context) => {
      for (const bytes of [Buffer.from('short'), Buffer.alloc(16), Buffer.alloc(17, 0x41)]) {
        const acknowledge = { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: bytes.toString('base64') };
        const answer = await context.post(someCall(context, { type: 'ACKNOWLEDGE', framework_id: { value: 'nobody' }, acknowledge }));
        expectRefusal(`the answer to ${bytes.length} bytes`, answer, 400, invalid('Not a valid UUID'));
      }
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
];
