import protobuf from 'protobufjs';
import { protocol } from '../generated/protocol.js';

const root = protobuf.Root.fromJSON({ nested: protocol as protobuf.INamespace['nested'] & object }).resolveAll();

export const schema = {
  Call: root.lookupType('mesos.v1.scheduler.Call'),
  Event: root.lookupType('mesos.v1.scheduler.Event'),
  MasterInfo: root.lookupType('mesos.v1.MasterInfo'),
};
