import { InvalidArgumentError } from 'commander';

const within = (text: string, pattern: RegExp, min: number, what: string, variable: string | undefined): number => {
  const value = Number(text);
  const where = variable === undefined ? '' : ` (${variable} of make)`;
  if (!pattern.test(text) || !(value >= min)) throw new InvalidArgumentError(`must be ${what}, at least ${min}${where}`);
  return value;
};

/** `variable`: what `make` calls it, whose user never sees the option. */
export const wholeNumber =
  (min: number, variable?: string) =>
  (text: string): number =>
    within(text, /^\d{1,9}$/, min, 'a whole number', variable);

export const decimalNumber =
  (min: number, variable?: string) =>
  (text: string): number =>
    within(text, /^\d{1,9}(\.\d+)?$/, min, 'a number', variable);
