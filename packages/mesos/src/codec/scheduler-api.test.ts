import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import type { Call, ExecutorInfo, Offer, TaskInfo } from '../generated/protocol.js';
import { bytesFromTheFuture, completeMessage } from '../testing/complete-message.js';
import { mesosApi } from '../testing/recordings.js';
import { codecOf } from './codec-of.js';
import { schema } from './schema.js';

const json = codecOf('json');
const pb = codecOf('protobuf');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const apiOf = (roots: readonly protobuf.Type[]): string[] => {
  const found = new Map<string, string[]>();
  const visit = (type: protobuf.Type | protobuf.Enum): void => {
    const { fullName } = type;
    if (found.has(fullName)) return;
    if (type instanceof protobuf.Enum) {
      found.set(fullName, Object.entries(type.values).map(([name, value]) => `${fullName}.${name} = ${value}`)); // prettier-ignore
      return;
    }
    const lines = type.fieldsArray.map((field) => {
      const rule = field.map ? 'map<string>' : field.repeated ? 'repeated' : field.required ? 'required' : 'optional';
      const preset = field.options?.['default'] === undefined ? '' : ` [default = ${String(field.options['default'])}]`;
      return `${fullName}.${field.name} = ${field.id} ${rule} ${field.resolvedType?.fullName ?? field.type}${preset}`;
    });
    found.set(fullName, lines);
    for (const { resolvedType } of type.fieldsArray) if (resolvedType) visit(resolvedType);
  };
  roots.forEach(visit);
  return [...found.values()].flat().sort();
};

it('knows each field and each enum value that Mesos 1.12 has, and no other', () => {
  expect(apiOf([schema.Call, schema.Event])).toEqual(mesosApi());
});

/** What protobufjs, which reads the .proto files by itself, makes of the bytes. */
const asProtobufjsReads = (type: protobuf.Type, bytes: Uint8Array): unknown =>
  JSON.parse(JSON.stringify(type.toObject(type.decode(bytes), { enums: String, longs: String, bytes: String })));
/** With integers as text: 64-bit ones are text above 2^53. */
const integersAsText = (type: protobuf.Type, value: Record<string, unknown>): unknown =>
  asProtobufjsReads(type, type.encode(type.fromObject(value)).finish());

describe('every call and every event, with all of its fields', () => {
  const complete = completeMessage(schema.Call);
  it.each(Object.keys(complete).filter((name) => name !== 'type'))('call %s', (name) => {
    const call = { [name]: complete[name] } as Call;
    expect(asProtobufjsReads(schema.Call, pb.encodeCall(call))).toEqual(integersAsText(schema.Call, call as Record<string, unknown>));
    expect(pb.decodeCall(pb.encodeCall(call))).toEqual(call);
    expect(json.decodeCall(json.encodeCall(call))).toEqual(call);
    expect(JSON.parse(Buffer.from(json.encodeCall(call)).toString())).toEqual(call);
  });

  const event = completeMessage(schema.Event);
  it.each(Object.keys(event).filter((name) => name !== 'type'))('event %s', (name) => {
    const one = { [name]: event[name] };
    const bytes = schema.Event.encode(schema.Event.fromObject(one)).finish();
    expect(pb.decodeEvent(bytes)).toEqual(one);
    expect(hex(pb.encodeEvent(pb.decodeEvent(bytes)))).toBe(hex(bytes));
    expect(json.decodeEvent(Buffer.from(JSON.stringify(one)))).toEqual(one);
  });
});

describe('a field 9999 in each message that there is', () => {
  it.each([
    ['Call', pb.decodeCall, pb.encodeCall],
    ['Event', pb.decodeEvent, pb.encodeEvent],
  ] as const)('of a complete %s survives decoding and encoding byte for byte', (name, decode, encode) => {
    const bytes = bytesFromTheFuture(schema[name], completeMessage(schema[name]));
    expect(hex((encode as (message: unknown) => Uint8Array)(decode(bytes)))).toBe(hex(bytes));
  });
});

const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 0.5 } }];
const task = (form: Partial<TaskInfo>): TaskInfo => ({ name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, resources, ...form });
const command = { value: 'echo hello', shell: true, environment: { variables: [{ name: 'A', value: 'b' }] } };
const launch = (info: TaskInfo): Offer.Operation => ({ type: 'LAUNCH', launch: { task_infos: [info] } });
const executor: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'e' }, framework_id: { value: 'f' }, resources };

describe('TaskInfo in all its forms', () => {
  it.each<[string, Offer.Operation]>([
    ['a command', launch(task({ command: { value: '/bin/echo', shell: false, arguments: ['echo', 'a'], user: 'u', uris: [{ value: 'http://h/a.tgz', extract: true, cache: false }] } }))], // prettier-ignore
    ['a task group of the default executor', { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks: [task({ command }), task({ command, task_id: { value: 't2' } })] } } }], // prettier-ignore
    ['a custom executor', launch(task({ executor: { type: 'CUSTOM', executor_id: { value: 'e' }, command, data: 'AAEC' }, data: 'AAEC' }))],
    ['a Docker container', launch(task({ command, container: { type: 'DOCKER', docker: { image: 'alpine', network: 'BRIDGE', port_mappings: [{ host_port: 31_000, container_port: 80, protocol: 'tcp' }], privileged: false, parameters: [{ key: 'k', value: 'v' }], force_pull_image: true } } }))], // prettier-ignore
    ['a Mesos container', launch(task({ command, container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'alpine' } } }, network_infos: [{ name: 'n' }], linux_info: { capability_info: { capabilities: ['NET_RAW'] } }, rlimit_info: { rlimits: [{ type: 'RLMT_CORE' }] }, tty_info: { window_size: { rows: 1, columns: 2 } } } }))], // prettier-ignore
    [
      'checks',
      launch(
        task({
          command,
          check: { type: 'HTTP', http: { port: 80, path: '/' }, delay_seconds: 0, interval_seconds: 1, timeout_seconds: 2 },
        }),
      ),
    ],
    [
      'health checks',
      launch(task({ command, health_check: { type: 'COMMAND', command, consecutive_failures: 3, grace_period_seconds: 0 } })),
    ],
    ['a kill policy', launch(task({ command, kill_policy: { grace_period: { nanoseconds: 5_000_000_000 } }, max_completion_time: { nanoseconds: 1 } }))], // prettier-ignore
    ['volumes', launch(task({ command, container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path: 'data', host_path: '/data' }, { mode: 'RO', container_path: 's', source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'p' } } }] } }))], // prettier-ignore
    ['discovery', launch(task({ command, discovery: { visibility: 'CLUSTER', name: 'd', ports: { ports: [{ number: 80, name: 'http', protocol: 'tcp' }] }, labels: { labels: [{ key: 'k' }] } } }))], // prettier-ignore
    ['limits', launch(task({ command, limits: { cpus: { value: Infinity }, mem: { value: 64 } } }))],
  ])('%s', (_form, operation) => {
    const call: Call = { type: 'ACCEPT', accept: { offer_ids: [{ value: 'o' }], operations: [operation] } };
    for (const codec of [json, pb]) expect(codec.decodeCall(codec.encodeCall(call))).toEqual(call);
    const bytes = schema.Call.encode(schema.Call.fromObject(call)).finish();
    expect(hex(pb.encodeCall(call))).toBe(hex(bytes));
  });
});
