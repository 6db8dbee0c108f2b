import { missingTasks } from '../domain/demand.js';
import type { Deployment } from '../domain/deployment.js';
import type { State } from '../domain/state.js';
import { appView } from './app-view.js';

/** What waits to be launched, and why the offers so far were of no use (queue.raml). */
export const queueView = (state: Readonly<State>, now: number): Record<string, unknown> => ({
  queue: missingTasks(state).map(({ app, count, notBefore }) => {
    const waiting = state.waiting.get(app.id);
    const rejected = [...(waiting?.rejections ?? [])];
    const timeLeftSeconds = Math.max(0, Math.ceil((notBefore - now) / 1000));
    return {
      app: appView(app),
      count,
      role: '*',
      since: new Date(waiting?.since ?? now).toISOString(),
      delay: { timeLeftSeconds, overdue: timeLeftSeconds === 0 },
      processedOffersSummary: {
        processedOffersCount: waiting?.processedOffers ?? 0,
        unusedOffersCount: rejected.reduce((sum, [, times]) => sum + times, 0),
        rejectSummaryLaunchAttempt: rejected.map(([reason, declined]) => ({
          reason,
          declined,
          processed: waiting?.processedOffers ?? 0,
        })),
      },
    };
  }),
});

/** One step each: this Marathon works towards the whole change at once (deploymentPlan.raml). */
export const deploymentView = ({ id, version, actions }: Deployment): Record<string, unknown> => ({
  id,
  version,
  affectedApps: actions.map(({ app }) => app),
  affectedPods: [],
  steps: [{ actions }],
  currentActions: actions.map((action) => ({ ...action, readinessCheckResults: [] })),
  currentStep: 1,
  totalSteps: 1,
});
