import type { Offer, TaskInfo, TaskStatus } from '@streams-on-mesos/mesos';
import type { ProbeOutcome } from './health.js';

export type MarathonEvent =
  | { readonly type: 'subscribed'; readonly frameworkId: string; readonly newFramework: boolean }
  | { readonly type: 'disconnected' }
  | { readonly type: 'framework-removed' }
  | { readonly type: 'offers'; readonly offers: readonly Offer[] }
  | { readonly type: 'status'; readonly status: TaskStatus }
  /** The master never took the ACCEPT that was to launch these. */
  | { readonly type: 'not-launched'; readonly taskIds: readonly string[] }
  /** Whether the master took an ACCEPT, SUPPRESS or REVIVE is not known. */
  | { readonly type: 'call-lost'; readonly taskIds: readonly string[] }
  | { readonly type: 'probe-result'; readonly taskId: string; readonly check: number; readonly outcome: ProbeOutcome }
  | { readonly type: 'tick' };

export interface Probe {
  readonly protocol: 'http' | 'https' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
  readonly ignoreHttp1xx: boolean;
}

/** To be carried out in order, after the state that came with them is durable. */
export type Effect =
  | { readonly type: 'accept'; readonly offerId: string; readonly tasks: readonly TaskInfo[]; readonly refuseSeconds: number }
  | { readonly type: 'decline'; readonly offerIds: readonly string[]; readonly refuseSeconds: number }
  | { readonly type: 'suppress' }
  | { readonly type: 'revive' }
  | { readonly type: 'kill'; readonly taskId: string; readonly agentId: string | undefined }
  | { readonly type: 'reconcile'; readonly tasks: readonly { readonly taskId: string; readonly agentId: string }[] }
  | { readonly type: 'acknowledge'; readonly status: TaskStatus }
  | { readonly type: 'probe'; readonly taskId: string; readonly check: number; readonly probe: Probe }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };
