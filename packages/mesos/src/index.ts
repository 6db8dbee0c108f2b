export type * from './generated/protocol.js';
export { SchedulerClient } from './scheduler-client.js';
export type { Encoding, Log, LogLevel, SchedulerClientSettings } from './scheduler-client-settings.js';
export type { DisconnectCause, SchedulerNotice } from './scheduler-notice.js';
export type { CallResult } from './call-result.js';
export { authorizationHeader } from './http/credentials.js';
export type { Credentials } from './http/credentials.js';
export { redirectTarget } from './http/redirect-target.js';
export type { TlsSettings } from './http/tls.js';
export { connectionFailure, type ConnectionFailure, type TlsProblem } from './http/connection-failure.js';
export type { SchedulerCallBody } from './calls.js';
export {
  accept,
  acceptInverseOffers,
  acknowledge,
  decline,
  declineInverseOffers,
  kill,
  reconcile,
  revive,
  suppress,
  teardown,
  updateFramework,
} from './calls.js';
export { masterKnows } from './domain/master-version.js';
export type { Feature } from './domain/master-version.js';
export { parseMasterAddress, MasterAddressError } from './detection/master-address.js';
export type { MasterAddress } from './detection/master-address.js';
export { detectMaster } from './detection/detect-master.js';
export type { DetectMasterOptions } from './detection/detect-master.js';
export type { MasterLocation } from './detection/master-location.js';
export { encodeRecord, RecordError, RecordReader } from './record-io.js';
export { codecOf } from './codec/codec-of.js';
export type { Codec } from './codec/codec.js';
export { MessageError, messageForm } from './codec/message-form.js';
export type { Strictness } from './codec/message-form.js';
export { unknownFields } from './codec/unknown-fields.js';
export {
  addResources,
  containsResources,
  intervalsIn,
  nonRevocableResources,
  reservationRole,
  reservedResources,
  scalarOf,
  subtractResources,
  unreservedResources,
} from './resources/resources.js';
export type { Resources } from './resources/resources.js';
export { fromMilli, toMilli } from './resources/values.js';
export type { Interval } from './resources/values.js';
