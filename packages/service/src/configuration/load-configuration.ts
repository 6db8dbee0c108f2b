import { readFileSync } from 'node:fs';
import { redactSecret } from '../log/redact.js';
import { commonSettings } from './common-settings.js';
import { ConfigurationError } from './configuration-error.js';
import { parseFlags } from './flags.js';
import { parseProperties } from './properties-file.js';
import type { ConfigOf, Setting, Settings } from './setting.js';

export interface LoadedConfiguration<S> {
  readonly config: ConfigOf<S>;
  /** What an operator should know, to be logged as warnings. */
  readonly warnings: readonly string[];
}

interface Given {
  readonly text: string;
  /** As an error names it: the flag, the variable, or the key and the file. */
  readonly field: string;
}

const DEFAULT_PROPERTIES = './streams-mesos.properties';

const fromEnvironment = (setting: Setting<unknown>, env: NodeJS.ProcessEnv): Given | undefined => {
  for (const name of [setting.env, ...setting.otherEnv]) {
    const text = env[name];
    if (text !== undefined && text !== '') return { text, field: name };
  }
  return undefined;
};

const fromProperties = (setting: Setting<unknown>, properties: ReadonlyMap<string, string>, file: string): Given | undefined => {
  for (const key of [setting.property, ...setting.otherProperties]) {
    const text = properties.get(key);
    // An empty value is how the original says "not set" (MESOS_USER=).
    if (text !== undefined && text !== '') return { text, field: `${key} in ${file}` };
  }
  return undefined;
};

const loadProperties = (given: Given | undefined): Map<string, string> => {
  try {
    return parseProperties(readFileSync(given?.text ?? DEFAULT_PROPERTIES, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    if (given === undefined && code === 'ENOENT') return new Map();
    const field = given?.field ?? commonSettings.properties.flag;
    throw new ConfigurationError(
      field,
      given?.text ?? DEFAULT_PROPERTIES,
      `the file cannot be read (${code}); name a readable properties file`,
    );
  }
};

const parse = <T>(setting: Setting<T>, given: Given): T => {
  const parsed = setting.schema.safeParse(given.text);
  if (parsed.success) return parsed.data;
  const shown = setting.secret ? redactSecret(given.text) : given.text;
  throw new ConfigurationError(given.field, shown, `must be ${parsed.error.issues[0]?.message ?? 'another value'}`);
};

/** As loadConfiguration, with what should be logged about it. @throws ConfigurationError */
export const readConfiguration = <S extends Settings>(
  settings: S,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): LoadedConfiguration<S> => {
  const flags = parseFlags(argv, [commonSettings.properties, ...Object.values(settings)]);
  const fromFlags = (setting: Setting<unknown>): Given | undefined => {
    const text = flags.get(setting);
    return text === undefined ? undefined : { text, field: setting.flag };
  };
  const propertiesFile = fromFlags(commonSettings.properties) ?? fromEnvironment(commonSettings.properties, env);
  const properties = loadProperties(propertiesFile);
  const file = propertiesFile?.text ?? DEFAULT_PROPERTIES;

  const warnings: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const flag = fromFlags(setting);
    const environment = fromEnvironment(setting, env);
    const property = setting === commonSettings.properties ? undefined : fromProperties(setting, properties, file);
    if (flag === undefined && environment !== undefined && property !== undefined && environment.text !== property.text) {
      warnings.push(
        `${environment.field} from the environment is used, not the different ${property.field}` +
          ' (in streams-on-mesos up to 0.5 the file won); remove one of them',
      );
    }
    if (flag !== undefined && setting.secret && redactSecret(flag.text) !== flag.text) {
      warnings.push(
        `${setting.flag} holds credentials, which everybody on this machine can see in the process list; use the environment variable ${setting.env}`,
      );
    }
    const given = flag ?? environment ?? property;
    if (given !== undefined) config[name] = parse(setting, given);
    else if (setting.default !== undefined) config[name] = parse(setting, { text: setting.default, field: setting.env });
    else if (setting.required)
      throw new ConfigurationError(setting.env, undefined, `is not set; give ${setting.flag} or set ${setting.env}`);
    else config[name] = undefined;
  }
  return { config: config as ConfigOf<S>, warnings };
};

/** Flags win over the environment, that over the properties file, that over the default. @throws ConfigurationError */
export const loadConfiguration = <S extends Settings>(settings: S, argv: readonly string[], env: NodeJS.ProcessEnv): ConfigOf<S> =>
  readConfiguration(settings, argv, env).config;
