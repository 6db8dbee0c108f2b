/** What became of a call. */
export type CallResult =
  /** The master took it. It answers before it acts, so this does not say that the call had an effect. */
  | { readonly result: 'sent' }
  /** The master did not take it and never will. */
  | { readonly result: 'not-sent'; readonly reason: string }
  /** It was written, and no answer came: the master may or may not have taken it. */
  | { readonly result: 'unknown'; readonly reason: string };
