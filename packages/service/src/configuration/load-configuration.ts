import type { ConfigOf, Settings } from './setting.js';

export interface LoadedConfiguration<S> {
  readonly config: ConfigOf<S>;
  /** What an operator should know, to be logged as warnings. */
  readonly warnings: readonly string[];
}

/** Flags win over the environment, that over the properties file, that over the default. @throws ConfigurationError */
export const loadConfiguration = <S extends Settings>(
  serviceName: string,
  settings: S,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): ConfigOf<S> => readConfiguration(serviceName, settings, argv, env).config;

/** As loadConfiguration, with what should be logged about it. @throws ConfigurationError */
export const readConfiguration = <S extends Settings>(
  serviceName: string,
  _settings: S,
  _argv: readonly string[],
  _env: NodeJS.ProcessEnv,
): LoadedConfiguration<S> => {
  throw new Error(`${serviceName}: configuration is being built`);
};
