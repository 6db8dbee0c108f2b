/** For whoever embeds Mesos's messages in protobuf messages of his own (`@streams-on-mesos/mesos/wire-format`): how they are read and written. */
export { namesOf, WireError, WireReader } from './codec/wire-reader.js';
export { WireWriter } from './codec/wire-writer.js';
export * from './generated/wire-format.js';
