// Bodies of calls: what is no message, and what Mesos makes of JSON that is not quite one.
import type { ConformanceCase } from '../case.js';
import { expectEqual, expectMatch } from '../expect.js';
import { expectRefusal, invalid } from './refusals.js';

const source = 'src/master/http.cpp, Master::Http::scheduler';

export const requestBodyCases: readonly ConformanceCase[] = [
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
    name: 'a type that Mesos does not know counts as none',
    source: '3rdparty/stout/include/stout/protobuf.hpp, internal::Parser: TYPE_ENUM',
    run: async (context) => {
      const answer = await context.post('{"type": "DANCE", "framework_id": {"value": "nobody"}}');
      expectRefusal('the answer', answer, 400, invalid(`Expecting 'type' to be present`));
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
