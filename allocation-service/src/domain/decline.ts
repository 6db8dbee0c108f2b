import type { Context } from './context.js';
import { sendCall } from './context.js';

const TRACE = 'offers';

/** Gives offers back, usually for long: what waits from now on asks for them anew by a REVIVE. */
export const declineOffers = (context: Context, offerIds: readonly string[], secs = context.state.settings.declineSecs): void => {
  if (offerIds.length === 0) return;
  sendCall(context, { decline: { offer_ids: [...offerIds], refuse_seconds: secs } }, TRACE);
};
