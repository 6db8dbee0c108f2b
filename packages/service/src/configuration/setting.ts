import type { z } from 'zod';

/** One value a service can be configured with. Every source gives text, which `schema` turns into the value. */
export interface Setting<T> {
  readonly schema: z.ZodType<T, string>;
  readonly env: string;
  /** Other names of the environment variable, asked in order when `env` is not set. */
  readonly otherEnv: readonly string[];
  /** With its dashes, for example `--http-port`. */
  readonly flag: string;
  readonly otherFlags: readonly string[];
  /** Key in the properties file. */
  readonly property: string;
  readonly otherProperties: readonly string[];
  readonly description: string;
  /** As an operator would write it; absent: undefined, or an error when required. */
  readonly default: string | undefined;
  readonly required: boolean;
  /** The value is never shown: not in errors, help or logs. */
  readonly secret: boolean;
  /** The flag may stand without a value, which then is `true`. */
  readonly toggle: boolean;
}

export interface SettingSpec<T> {
  /** The environment variable; also the key in the properties file and, as `--kebab-case`, the flag unless these are given. */
  readonly env: string;
  readonly description: string;
  readonly schema: z.ZodType<T, string>;
  readonly flag?: string;
  readonly property?: string;
  readonly otherEnv?: readonly string[];
  readonly otherFlags?: readonly string[];
  readonly otherProperties?: readonly string[];
  readonly secret?: boolean;
  readonly toggle?: boolean;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values that a service gets for its settings. */
export type ConfigOf<S> = { readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never };

/** Describes a setting: always there with `default` or `required`, else possibly undefined. */
export function setting<T>(spec: SettingSpec<T> & ({ readonly default: string } | { readonly required: true })): Setting<T>;
export function setting<T>(spec: SettingSpec<T>): Setting<T | undefined>;
export function setting<T>(spec: SettingSpec<T> & { readonly default?: string; readonly required?: true }): Setting<T> {
  return {
    schema: spec.schema,
    env: spec.env,
    otherEnv: spec.otherEnv ?? [],
    flag: spec.flag ?? `--${spec.env.toLowerCase().replaceAll('_', '-')}`,
    otherFlags: spec.otherFlags ?? [],
    property: spec.property ?? spec.env,
    otherProperties: spec.otherProperties ?? [],
    description: spec.description,
    default: spec.default,
    required: spec.required ?? false,
    secret: spec.secret ?? false,
    toggle: spec.toggle ?? false,
  };
}
