import type { ClientEvent, DesiredState, Reply, ResolveWorkload, RunStopHook, SchedulerCall } from '@streams-on-mesos/messages';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the outside world is to do; effects leave in order, and only after the changes of their step are durable. */
export type Effect =
  | { readonly type: 'hello'; readonly allocationTerm: number }
  | { readonly type: 'desired-state'; readonly desiredState: DesiredState }
  /** `id` becomes the Envelope's id, by which the call is answered. */
  | { readonly type: 'call'; readonly id: string; readonly call: SchedulerCall; readonly traceId: string }
  /** Asks whichever streams-bridge is free; answered, if at all, by the question's `ask_id`. Nobody waits after `deadlineMs`. */
  | {
      readonly type: 'ask-hook';
      readonly question: { readonly resolve_workload: ResolveWorkload } | { readonly run_stop_hook: RunStopHook };
      readonly deadlineMs: number;
      readonly traceId: string;
    }
  /** `replyTo` is a queue, or 'http:<messageId>' for what came over HTTP. */
  | {
      readonly type: 'reply';
      readonly replyTo: string;
      readonly inReplyTo: string;
      readonly reply: Reply;
      readonly traceId: string;
    }
  | { readonly type: 'client-event'; readonly event: ClientEvent; readonly traceId: string }
  | { readonly type: 'request-ready'; readonly clientId: string; readonly requestId: string; readonly traceId: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: Readonly<Record<string, unknown>> };
