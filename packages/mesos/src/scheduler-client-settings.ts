import type { Credentials } from './http/credentials.js';
import type { TlsSettings } from './http/tls.js';
import type { FrameworkInfo, OfferConstraints } from './generated/protocol.js';

/** What is on the wire: `application/x-protobuf` or `application/json`. */
export type Encoding = 'protobuf' | 'json';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, fields?: Record<string, unknown>) => void;

export interface SchedulerClientSettings {
  /** `zk://[user:pass@]host:port,…/path`, `host:port[,host:port…]` or `http(s)://host:port`. */
  readonly master: string;
  /** Without `id`. Over HTTP `user` must be set; `roles` needs the capability MULTI_ROLE. A function is asked anew at each SUBSCRIBE, for offer filters that change. */
  readonly frameworkInfo: FrameworkInfo | (() => FrameworkInfo);
  /** The id that an earlier subscription got; the framework's tasks belong to it. */
  readonly frameworkId?: string | undefined;
  /** Asked anew at each SUBSCRIBE, before all else, because suppression is part of a subscription and ends with it. */
  readonly suppressedRoles?: (() => readonly string[]) | undefined;
  /** Asked anew at each SUBSCRIBE, for the same reason. */
  readonly offerConstraints?: (() => OfferConstraints | undefined) | undefined;
  /** Default `protobuf`. */
  readonly encoding?: Encoding | undefined;
  /** Basic authentication. */
  readonly credentials?: Credentials | undefined;
  /** For masters that speak https: authorities, client certificate and key. */
  readonly tls?: TlsSettings | undefined;
  /** When the master says that the framework id is of a removed framework. Default `stop`; `forget` subscribes anew without an id. */
  readonly onFrameworkRemoved?: 'forget' | 'stop' | undefined;
  readonly log?: Log | undefined;
  /** Scheme of masters found through ZooKeeper or in a list. Default `http`. */
  readonly scheme?: 'http' | 'https' | undefined;
  /**
   * Wait before a subscription is tried again: doubles from `firstMs` (500) to `maxMs` (15,000), each jittered down to its half.
   * The loss of a subscription that outlasted such a wait starts at `firstMs`, and so does a new framework after a removed one.
   */
  readonly backoff?: { readonly firstMs?: number | undefined; readonly maxMs?: number | undefined } | undefined;
  /** Heartbeat intervals without any event after which the subscription counts as lost. Default 5. */
  readonly missedHeartbeats?: number | undefined;
  /** From the connection attempt to the first event. Default 30,000. */
  readonly subscribeTimeoutMs?: number | undefined;
  /** From a call's writing to its answer. Default 30,000. */
  readonly callTimeoutMs?: number | undefined;
  /** Calls written and not answered yet, at most; the others wait. Default 32. */
  readonly maxUnansweredCalls?: number | undefined;
  /** Largest event accepted. Default 64 MiB: one OFFERS event of 10,000 offers is 9 MB in JSON. */
  readonly recordLimitBytes?: number | undefined;
  /**
   * Bytes, as they were on the wire, of the events that wait for whoever loops over `subscribe()`: above it, or above 1,000 events, the
   * stream is not read on until half of that is taken. One event or slice of 32 KiB of offers may be above it. Default 8 MiB.
   */
  readonly maxWaitingBytes?: number | undefined;
  /** Default 10,000. */
  readonly zookeeperSessionTimeoutMs?: number | undefined;
}
