import { defaultConfiguration, type AppConfiguration, type AppDefinition } from './app-definition.js';

/** What a request says about an app; what it leaves out stays as it is, or is Marathon's default for a new app. */
export type AppUpdate = { readonly [K in keyof AppConfiguration]?: AppConfiguration[K] | undefined } & { readonly id?: string | undefined };

/** The configuration after the update of `before`. `cmd` and `args` exclude each other, so a new one of them ends the other. */
export function updated(before: AppConfiguration | undefined, update: AppUpdate): AppConfiguration {
  const given = Object.fromEntries(Object.entries(update).filter(([key, value]) => key !== 'id' && value !== undefined));
  const base = before ? configurationOf(before) : defaultConfiguration;
  const { cmd, args, ...rest } = base;
  const command = update.cmd === undefined && update.args === undefined ? { cmd, args } : { cmd: update.cmd, args: update.args };
  return withPortIndexes({ ...rest, ...command, ...given });
}

/** Health checks meet the first port unless they say otherwise. */
function withPortIndexes(configuration: AppConfiguration): AppConfiguration {
  const healthChecks = configuration.healthChecks.map((check) =>
    check.protocol === 'COMMAND' || check.port !== undefined || check.portIndex !== undefined ? check : { ...check, portIndex: 0 },
  );
  return { ...configuration, healthChecks };
}

function configurationOf(app: AppConfiguration & Partial<AppDefinition>): AppConfiguration {
  const { id: _id, version: _version, lastScalingAt: _scaling, lastConfigChangeAt: _change, ...configuration } = app;
  return configuration;
}

export type AppChange = 'none' | 'scaling' | 'configuration';

/** Whether running tasks are still what the app asks for. */
export function changeBetween(before: AppConfiguration, after: AppConfiguration): AppChange {
  const { instances: from, ...oldRest } = configurationOf(before);
  const { instances: to, ...newRest } = configurationOf(after);
  if (canonical(oldRest) !== canonical(newRest)) return 'configuration';
  return from === to ? 'none' : 'scaling';
}

/** JSON with sorted keys and without undefined, so that equal values are equal texts. */
const canonical = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
