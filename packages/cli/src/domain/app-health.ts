/** What of a Marathon app (app.raml) tells whether it is as it should be. */
export interface AppStatus {
  readonly id: string;
  readonly instances: number;
  readonly tasksStaged?: number;
  readonly tasksRunning?: number;
  readonly tasksHealthy?: number;
  readonly tasksUnhealthy?: number;
  readonly healthChecks?: readonly unknown[];
  readonly deployments?: readonly unknown[];
  readonly lastTaskFailure?: { readonly message?: string; readonly state?: string };
}

/** Exactly the wanted tasks run, healthy as far as anything checks that, and no deployment is under way. */
export const isAppReady = (app: AppStatus): boolean => {
  const { instances, tasksStaged = 0, tasksRunning = 0, tasksHealthy = 0, healthChecks = [], deployments = [] } = app;
  const healthy = healthChecks.length === 0 || tasksHealthy === instances;
  return deployments.length === 0 && tasksStaged === 0 && tasksRunning === instances && healthy;
};

/** For a line of progress: "2 of 3 running, 1 healthy, last failure: …". */
export const describeApp = (app: AppStatus): string => {
  const { instances, tasksRunning = 0, tasksHealthy = 0, tasksUnhealthy = 0, healthChecks = [], lastTaskFailure } = app;
  return [
    `${tasksRunning} of ${instances} running`,
    ...(healthChecks.length === 0 ? [] : [`${tasksHealthy} healthy`]),
    ...(tasksUnhealthy === 0 ? [] : [`${tasksUnhealthy} unhealthy`]),
    ...(lastTaskFailure?.message === undefined ? [] : [`last failure: ${lastTaskFailure.state ?? ''} ${lastTaskFailure.message}`.trim()]),
  ].join(', ');
};
