import type { Context } from '../context.js';
import { after, backoffSecs } from '../context.js';
import { sayHello } from '../subscription.js';
import { noteWaiting } from './note-waiting.js';
import { roleNeeds } from './role-needs.js';
import { findPlaceable, wantedRolesNow } from './wanted-roles.js';

// docs/app-framework-development-guide.md, "Multi-scheduler scalability": suppress whenever nothing waits, decline long,
// revive seldom. What is wanted follows from the state alone, so nothing that is lost on the way is lost for good.

/** Sends what is wanted of Mesos when it differs from what was sent last. Called at the end of every step. */
export const updateDemand = (context: Context): void => {
  const { state, now } = context;
  const { demand } = state.leader;
  if (demand.licencesReturned) noteReturnedLicences(context);
  const wanted = wantedRolesNow(state, now);
  if (wanted.size === 0) {
    demand.newWaiting = false;
    demand.unanswered = 0;
    state.timers.cancel('revive');
  }
  const revived = demand.newWaiting && revive(context);
  if (!revived && !demand.repeat && isSame(wanted, demand.wanted)) return;
  demand.wanted = wanted;
  demand.repeat = false;
  sendDesiredState(context);
};

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((role) => b.has(role));

/** What waited for a licence may be placed now, on agents whose offers were declined meanwhile. */
const noteReturnedLicences = ({ state, now }: Context): void => {
  const { demand } = state.leader;
  demand.licencesReturned = false;
  const found = new Set<string>();
  for (const kind of state.waiting.kinds) {
    const [first] = kind;
    if (found.has(kind.role) || first === undefined || first.requirements.licences.length === 0) continue;
    const request = findPlaceable(state, kind, now);
    if (request === undefined) continue;
    found.add(kind.role);
    noteWaiting(state, request);
  }
};

const sendDesiredState = (context: Context): void => {
  const { leader, settings } = context.state;
  const { demand } = leader;
  demand.revision += 1;
  demand.sentAt = context.now;
  context.effects.push({
    type: 'desired-state',
    desiredState: {
      allocation_term: leader.term,
      revision: demand.revision,
      roles: settings.roles.map((role) => ({ role, wanted: demand.wanted.has(role), ...demand.needs.get(role) })),
      revive_counter: demand.reviveCounter,
    },
  });
};

/** Asks for one REVIVE, unless the last one is too short a time ago: then it is asked for when that time is over. */
const revive = (context: Context): boolean => {
  const { state, now } = context;
  const { demand } = state.leader;
  const earliest = demand.revivedAt === undefined ? now : demand.revivedAt + state.settings.reviveMinSecs * 1000;
  if (now < earliest) {
    state.timers.set('revive', earliest);
    return false;
  }
  demand.newWaiting = false;
  // What is needed changes only here, by what came since: what has been placed makes it too generous at worst, and the
  // needs of a role that is not wanted do not matter. So no call to Mesos is spent on them alone.
  for (const [role, needs] of roleNeeds(state, now)) demand.needs.set(role, needs);
  demand.reviveCounter += 1;
  demand.revivedAt = now;
  state.timers.set('revive', after(context, backoffSecs(state.settings.reviveRepeat, demand.unanswered)));
  return true;
};

/** The REVIVE was held back and is due now, or no offers followed the last one. */
export const onReviveDue = (context: Context): void => {
  const { now, state } = context;
  const { settings } = state;
  const { demand } = state.leader;
  if (demand.newWaiting || demand.ready.size === 0) return;
  const isStuck = demand.unanswered === 0 && now - (demand.revivedAt ?? now) >= settings.reviveStuckSecs * 1000;
  demand.newWaiting = true;
  demand.unanswered += 1;
  // Offers may have been handed over and got lost: Mesos makes no new ones until those are declined, which a hello does.
  if (isStuck || demand.unanswered > 1) sayHello(context, { reconcile: false });
};

/** Offers came: reviving is not what is missing, even if none of them fits. */
export const onOffersSeen = (context: Context): void => {
  const { leader, timers, settings } = context.state;
  leader.demand.unanswered = 0;
  if (!leader.demand.newWaiting) timers.set('revive', after(context, settings.reviveStuckSecs));
};

const REPEAT_MS = 1_000;

/** An offer came although nothing waits: perhaps nobody knows that offers are not wanted. */
export const repeatSuppression = (context: Context): void => {
  const { demand } = context.state.leader;
  if (context.now - demand.sentAt >= REPEAT_MS) demand.repeat = true;
};
