export interface Artifact {
  readonly uri: string;
  readonly extract: boolean;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly destPath?: string | undefined;
}

export interface PortDefinition {
  /** 0: any port of the offer. Not 0: a service port, or with `requirePorts` the port itself. */
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'udp,tcp';
  readonly name?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export const healthCheckProtocols = ['HTTP', 'HTTPS', 'TCP', 'COMMAND', 'MESOS_HTTP', 'MESOS_HTTPS', 'MESOS_TCP'] as const;
export type HealthCheckProtocol = (typeof healthCheckProtocols)[number];

export interface AppHealthCheck {
  readonly protocol: HealthCheckProtocol;
  readonly path?: string | undefined;
  readonly port?: number | undefined;
  readonly portIndex?: number | undefined;
  readonly command?: { readonly value: string } | undefined;
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly ignoreHttp1xx: boolean;
}

/** `[field, operator]` or `[field, operator, value]`, as Marathon writes it. */
export type Constraint = readonly [field: string, operator: string, value?: string | undefined];

/** What an app wants, without what Marathon adds: its id and its versions. */
export interface AppConfiguration {
  readonly cmd?: string | undefined;
  readonly args?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly instances: number;
  readonly cpus: number;
  /** MB */
  readonly mem: number;
  /** MB */
  readonly disk: number;
  readonly fetch: readonly Artifact[];
  readonly portDefinitions: readonly PortDefinition[];
  readonly requirePorts: boolean;
  readonly healthChecks: readonly AppHealthCheck[];
  readonly labels: Readonly<Record<string, string>>;
  readonly constraints: readonly Constraint[];
  readonly backoffSeconds: number;
  readonly backoffFactor: number;
  readonly maxLaunchDelaySeconds: number;
  readonly taskKillGracePeriodSeconds?: number | undefined;
  readonly upgradeStrategy: { readonly minimumHealthCapacity: number; readonly maximumOverCapacity: number };
  readonly killSelection: 'YOUNGEST_FIRST' | 'OLDEST_FIRST';
}

export interface AppDefinition extends AppConfiguration {
  readonly id: string;
  /** Of the last change of any kind; ISO time, growing from change to change. */
  readonly version: string;
  readonly lastScalingAt: string;
  /** Tasks with an older version than this are out of date and get replaced. */
  readonly lastConfigChangeAt: string;
}

/** Marathon's defaults (docs/rest-api, app.raml, healthCheck.raml, artifact.raml). */
export const defaultConfiguration: AppConfiguration = {
  env: {},
  instances: 1,
  cpus: 1,
  mem: 128,
  disk: 0,
  fetch: [],
  portDefinitions: [{ port: 0, protocol: 'tcp', name: 'default', labels: {} }],
  requirePorts: false,
  healthChecks: [],
  labels: {},
  constraints: [],
  backoffSeconds: 1,
  backoffFactor: 1.15,
  maxLaunchDelaySeconds: 300,
  upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
  killSelection: 'YOUNGEST_FIRST',
};
