import { redactUrls, type Setting } from '@streams-on-mesos/service';
import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from './failure.js';

/**
 * The command line's option for a setting that the services have too: same environment, default and rule, and flag unless one is given.
 * @throws UsageError when the environment says what the setting can't be
 */
export const settingOption = <T>(setting: Setting<T>, env: NodeJS.ProcessEnv, flag = setting.flag): Option => {
  const [otherEnv] = setting.otherEnv.filter((name) => env[name]);
  const preset = env[setting.env] || (otherEnv === undefined ? undefined : env[otherEnv]);
  const option = new Option(`${flag} <value>`, `${setting.description} (${setting.env})`).argParser((value) => {
    const { accepted, value: checked } = check(setting, value);
    if (accepted === undefined) return checked;
    throw new InvalidArgumentError(`must be ${accepted}`);
  });
  const text = preset ?? setting.default;
  if (text === undefined) return option;
  const { accepted, value } = check(setting, text);
  if (accepted !== undefined) throw new UsageError(`${setting.env}${setting.secret ? '' : ` = ${text}`}: must be ${accepted}`);
  return option.default(value, setting.secret ? redactUrls(text) : undefined);
};

/** The value, or what is accepted. */
const check = <T>(setting: Setting<T>, text: string): { readonly value?: T; readonly accepted?: string } => {
  const parsed = setting.schema.safeParse(text);
  return parsed.success ? { value: parsed.data } : { accepted: parsed.error.issues[0]?.message ?? 'something else' };
};
