/** What /v2/info and /v2/leader tell. */
export interface MarathonFacts {
  readonly version: string;
  readonly master: string;
  readonly frameworkName: string;
  readonly user: string;
  /** host:port, known once it listens. */
  readonly address: () => string;
}
