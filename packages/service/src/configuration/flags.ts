import { ConfigurationError } from './configuration-error.js';
import type { Setting } from './setting.js';

export const flagsOf = (setting: Setting<unknown>): readonly string[] => [setting.flag, ...setting.otherFlags];

const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

const unknownFlag = (flag: string, known: readonly string[]): ConfigurationError => {
  const nearest = [...known].sort((a, b) => distance(flag, a) - distance(flag, b))[0];
  const meant = nearest !== undefined && distance(flag, nearest) <= 3 ? `did you mean ${nearest}? ` : '';
  return new ConfigurationError(flag, undefined, `no such flag; ${meant}--help lists all of them`);
};

/**
 * The text given for each setting by flags: `--flag value` or `--flag=value`, a toggle also without a value. The last one wins.
 *
 * @throws ConfigurationError for an unknown flag, a missing value, or an argument that is no flag
 */
export const parseFlags = (argv: readonly string[], settings: readonly Setting<unknown>[]): Map<Setting<unknown>, string> => {
  const byFlag = new Map(settings.flatMap((setting) => flagsOf(setting).map((flag) => [flag, setting] as const)));
  const given = new Map<Setting<unknown>, string>();
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (!argument.startsWith('--')) {
      // An unexpected argument may be a misplaced secret, so it is not shown.
      throw new ConfigurationError(`argument ${index + 1}`, undefined, 'is not a flag; flags begin with --, see --help');
    }
    const equals = argument.indexOf('=');
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const setting = byFlag.get(flag);
    if (setting === undefined) throw unknownFlag(flag, [...byFlag.keys()]);
    const next = argv[index + 1];
    if (equals >= 0) {
      given.set(setting, argument.slice(equals + 1));
    } else if (setting.toggle && !/^(true|false|yes|no|0|1)$/i.test(next ?? '')) {
      given.set(setting, 'true');
    } else if (next === undefined || next.startsWith('--')) {
      throw new ConfigurationError(flag, undefined, 'needs a value after it');
    } else {
      given.set(setting, next);
      index++;
    }
  }
  return given;
};
