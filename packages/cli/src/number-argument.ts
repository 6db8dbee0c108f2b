import { InvalidArgumentError } from 'commander';

const within = (text: string, pattern: RegExp, min: number, what: string): number => {
  const value = Number(text);
  if (!pattern.test(text) || !(value >= min)) throw new InvalidArgumentError(`must be ${what}, at least ${min}`);
  return value;
};

export const wholeNumber =
  (min: number) =>
  (text: string): number =>
    within(text, /^\d{1,9}$/, min, 'a whole number');

export const decimalNumber =
  (min: number) =>
  (text: string): number =>
    within(text, /^\d{1,9}(\.\d+)?$/, min, 'a number');
