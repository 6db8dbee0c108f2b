import { redactSecret } from '../log/redact.js';
import { flagsOf } from './flags.js';
import type { Setting, Settings } from './setting.js';

const sources = (setting: Setting<unknown>): string => {
  const environment = [setting.env, ...setting.otherEnv].join(', ');
  const properties = [setting.property, ...setting.otherProperties].join(', ');
  return environment === properties ? environment : `${environment}; in the properties file ${properties}`;
};

const fallback = (setting: Setting<unknown>): string => {
  if (setting.default !== undefined) return `default: ${setting.secret ? redactSecret(setting.default) : setting.default}`;
  return setting.required ? 'required' : 'default: unset';
};

/** What `--help` prints: every setting, where it can be given, and its default. */
export const helpText = (serviceName: string, settings: Settings): string => {
  const entries = Object.values(settings).map(
    (setting) =>
      `  ${flagsOf(setting).join(', ')}${setting.toggle ? '' : ' <value>'}\n` +
      `      ${setting.description}\n` +
      `      ${sources(setting)}; ${fallback(setting)}\n`,
  );
  return (
    `Usage: ${serviceName} [flags]\n\n` +
    `Each setting is taken from its flag, else from its environment variable, else from the properties file, else it has its default.\n` +
    `An empty environment variable counts as unset.\n\n` +
    entries.join('\n') +
    `\n  --help, -h\n      Print this\n\n  --version\n      Print the version\n`
  );
};
