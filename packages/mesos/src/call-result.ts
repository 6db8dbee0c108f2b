import type { CallAnswer } from './http/call-connection.js';

/** What became of a call. */
export type CallResult =
  /** The master took it. It answers before it acts, so this does not say that the call had an effect. */
  | { readonly result: 'sent' }
  /** The master did not take it and never will. */
  | { readonly result: 'not-sent'; readonly reason: string }
  /** It was written, and no answer came that tells: the master may or may not have taken it. */
  | { readonly result: 'unknown'; readonly reason: string };

/** Statuses of 5xx that come before the master looks at the call: type not known, no leader or not recovered (src/master/http.cpp). */
const UNTOUCHED = new Set([501, 503]);

/** Reads an answer (docs/scheduler-http-api.md, Calls): 202, and 200 for UPDATE_FRAMEWORK, say that the master took the call. */
export const callResultOf = (answer: CallAnswer): CallResult => {
  if (answer.kind !== 'answered') return { result: answer.kind, reason: answer.reason };
  const { status, text } = answer;
  if (status >= 200 && status < 300) return { result: 'sent' };
  const reason = `the master answered ${status}${text === '' ? '' : `: ${text}`}`;
  return status < 500 || UNTOUCHED.has(status) ? { result: 'not-sent', reason } : { result: 'unknown', reason };
};

/**
 * Whether an answer to a call says that there is no subscription any more, although the stream looks alive:
 * the master does not lead (any more), or does not know the framework, or not as subscribed (src/master/http.cpp).
 */
export const endsSubscription = (answer: CallAnswer): boolean => {
  if (answer.kind !== 'answered') return false;
  const { status, text } = answer;
  return (
    status === 307 ||
    status === 404 ||
    status === 503 ||
    (status === 403 && text.includes('Framework is not subscribed')) ||
    (status === 400 && text.includes('Framework cannot be found'))
  );
};

/** The result, or `unknown` as soon as `signal` aborts: the call may be on its way still. */
export const unlessAborted = async (result: Promise<CallResult>, signal: AbortSignal): Promise<CallResult> => {
  let stopWaiting: () => void = () => undefined;
  const aborted = new Promise<CallResult>((resolve) => {
    stopWaiting = () => resolve({ result: 'unknown', reason: 'aborted before the answer' });
    signal.addEventListener('abort', stopWaiting, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', stopWaiting);
  }
};
