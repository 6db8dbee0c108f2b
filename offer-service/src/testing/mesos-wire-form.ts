import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Call, Event } from '@streams-on-mesos/mesos';
import protobuf from 'protobufjs';

// Reads the .proto files itself, so that a mistake of the client's codec is not made twice.
const protoDirectory = join(dirname(fileURLToPath(import.meta.url)), '../../../packages/mesos/proto');
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (existsSync(target) ? target : join(protoDirectory, target));
root.loadSync('mesos/v1/scheduler/scheduler.proto', { keepCase: true });
const callType = root.lookupType('mesos.v1.scheduler.Call');
const eventType = root.lookupType('mesos.v1.scheduler.Event');

export type MediaType = 'application/json' | 'application/x-protobuf';

export const decodeCall = (mediaType: MediaType, bytes: Uint8Array): Call =>
  mediaType === 'application/json'
    ? (JSON.parse(Buffer.from(bytes).toString('utf8')) as Call)
    : (callType.toObject(callType.decode(bytes), { enums: String, longs: Number, bytes: String }) as Call);

export const encodeEvent = (mediaType: MediaType, event: Event): Uint8Array =>
  mediaType === 'application/json' ? Buffer.from(JSON.stringify(event)) : eventType.encode(eventType.fromObject(event)).finish();
