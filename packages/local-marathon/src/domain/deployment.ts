export type DeploymentAction = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

/** A change on its way. It is over when every app in it is as it should be. */
export interface Deployment {
  readonly id: string;
  readonly version: string;
  readonly actions: readonly { readonly action: DeploymentAction; readonly app: string }[];
}
