import type { AppDefinition } from './app-definition.js';

const longestVariable = 512;
const labelPrefix = 'MARATHON_APP_LABEL_';

/** The variables Marathon sets, then the app's own, which win (docs/task-environment-vars.md). */
export function taskEnvironment(app: AppDefinition, taskId: string, host: string, ports: readonly number[]): Record<string, string> {
  return {
    MESOS_TASK_ID: taskId,
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    MARATHON_APP_RESOURCE_CPUS: withFraction(app.cpus),
    MARATHON_APP_RESOURCE_MEM: withFraction(app.mem),
    MARATHON_APP_RESOURCE_DISK: withFraction(app.disk),
    MARATHON_APP_RESOURCE_GPUS: '0',
    ...labelVariables(app.labels),
    HOST: host,
    ...portVariables(app, ports),
    ...app.env,
  };
}

/** Marathon prints them as Scala does: "128.0". */
const withFraction = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function portVariables({ portDefinitions }: AppDefinition, ports: readonly number[]): Record<string, string> {
  const variables: Record<string, string> = {};
  ports.forEach((port, index) => {
    const { port: requested = 0, name } = portDefinitions[index] ?? {};
    variables[`PORT${index}`] = String(port);
    variables[`PORT_${requested === 0 ? port : requested}`] = String(port);
    if (name !== undefined) variables[`PORT_${name.toUpperCase()}`] = String(port);
  });
  return ports.length === 0 ? {} : { PORT: String(ports[0]), ...variables, PORTS: ports.join(',') };
}

function labelVariables(labels: AppDefinition['labels']): Record<string, string> {
  const valid = Object.entries(labels)
    .filter(([key, value]) => key.length < longestVariable - labelPrefix.length && value.length < longestVariable)
    .map(([key, value]) => [key.replaceAll(/[^a-zA-Z0-9_]+/g, '_').toUpperCase(), value] as const);
  return {
    MARATHON_APP_LABELS: valid.map(([key]) => key).join(' '),
    ...Object.fromEntries(valid.map(([key, value]) => [labelPrefix + key, value])),
  };
}
