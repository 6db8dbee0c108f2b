export type * from './generated/protocol.js';
export { readBody, type BodyFault } from './body-form.js';
export { bodyKind, decodeEnvelope, encodeEnvelope, MessageDecodeError, type Body, type BodyKind } from './codec.js';
export { queueOfBody, queueOptions, topologyOf, type QueueSpec, type Topology } from './topology.js';
export { compareSubscriptions, sameSubscription } from './subscription.js';
