/** Where the services of one framework keep what is durable or shared. */
export interface FrameworkPaths {
  readonly root: string;
  readonly frameworkId: string;
  readonly instances: string;
  leaders(service: string): string;
  readonly journal: string;
  readonly snapshot: string;
}

export const frameworkPaths = (frameworkName: string): FrameworkPaths => {
  const root = `/streams-on-mesos/${frameworkName}`;
  return {
    root,
    frameworkId: `${root}/framework-id`,
    instances: `${root}/instances`,
    leaders: (service) => `${root}/leaders/${service}`,
    journal: `${root}/journal`,
    snapshot: `${root}/snapshot`,
  };
};
