// The scheduler API's messages by reflection, in Mesos's JSON form (field names of the .proto, enums by name, bytes in base64).
import protobuf from 'protobufjs';
import { protocol } from '../generated/protocol.js';

const root = protobuf.Root.fromJSON({ nested: protocol } as protobuf.INamespace);
root.resolveAll();

export const callType = root.lookupType('mesos.v1.scheduler.Call');
export const eventType = root.lookupType('mesos.v1.scheduler.Event');

/** Fields with a default that Mesos no longer prints, because its .proto calls them deprecated. */
const DEPRECATED = new Set(['.mesos.v1.Resource.role', '.mesos.v1.FrameworkInfo.role']);

/** The default that Mesos prints in JSON for an unset field: only those that the .proto spells out. */
export function printedDefault(field: protobuf.Field): unknown {
  const spelledOut: unknown = field.options?.['default'];
  return spelledOut === undefined || DEPRECATED.has(field.fullName) ? undefined : spelledOut;
}
