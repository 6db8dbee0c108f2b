// The scheduler API's messages by reflection, in Mesos's JSON form (field names of the .proto, enums by name, bytes in base64).
import protobuf from 'protobufjs';
import { protocol } from '../generated/protocol.js';

const root = protobuf.Root.fromJSON({ nested: protocol } as protobuf.INamespace);
root.resolveAll();

export const callType = root.lookupType('mesos.v1.scheduler.Call');
export const eventType = root.lookupType('mesos.v1.scheduler.Event');
export const resourceType = root.lookupType('mesos.v1.Resource');

/** Fields with a default that Mesos no longer prints, because its .proto calls them deprecated. */
const DEPRECATED = new Set(['.mesos.v1.Resource.role', '.mesos.v1.FrameworkInfo.role']);

/** The default that Mesos prints in JSON for an unset field: only those that the .proto spells out. */
export function printedDefault(field: protobuf.Field): unknown {
  const spelledOut: unknown = field.options?.['default'];
  return spelledOut === undefined || DEPRECATED.has(field.fullName) ? undefined : spelledOut;
}

/** These are not printed by reflection, but by hand (master/readonly_handler.cpp, jsonifyGetState; slave/http.cpp likewise). */
const LISTED_EVEN_IF_EMPTY = new Set(
  ['master', 'agent'].flatMap((server) =>
    ['GetTasks', 'GetExecutors', 'GetFrameworks', 'GetAgents', 'GetMetrics'].map((name) => `.mesos.v1.${server}.Response.${name}`),
  ),
);

/** Whether Mesos prints the lists of such a message even when nothing is in them. */
export const isListedEvenIfEmpty = (type: protobuf.Type): boolean => LISTED_EVEN_IF_EMPTY.has(type.fullName);
