// The operator APIs' messages by reflection, of a master's and of an agent's.
import protobuf from 'protobufjs';
import { protocol as agentProtocol } from '../generated/agent-protocol.js';
import { protocol as masterProtocol } from '../generated/master-protocol.js';
import { withDefaults } from './encode-event.js';

const rootOf = (nested: Readonly<Record<string, unknown>>): protobuf.Root => {
  const root = protobuf.Root.fromJSON({ nested } as protobuf.INamespace);
  root.resolveAll();
  return root;
};

const masterRoot = rootOf(masterProtocol);
const agentRoot = rootOf(agentProtocol);

export const masterCallType = masterRoot.lookupType('mesos.v1.master.Call');
export const masterResponseType = masterRoot.lookupType('mesos.v1.master.Response');
export const masterEventType = masterRoot.lookupType('mesos.v1.master.Event');
export const agentCallType = agentRoot.lookupType('mesos.v1.agent.Call');
export const agentResponseType = agentRoot.lookupType('mesos.v1.agent.Response');

/** The type of the package mesos.v1 or below with this name. */
export const messageType = (name: string): protobuf.Type => masterRoot.lookupType(`mesos.v1.${name}`);

/** A message inside an older endpoint's JSON, with the defaults that Mesos prints there too (stout/protobuf.hpp, JSON::protobuf). */
export const jsonOf = (typeName: string, message: object): Readonly<Record<string, unknown>> =>
  withDefaults(messageType(typeName), message) as Record<string, unknown>;
