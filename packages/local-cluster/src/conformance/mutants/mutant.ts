// A fault planted in the local cluster's source, so that a case can be seen to fail.
export interface Mutant {
  /** In packages/local-cluster/src. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly replace: string;
  readonly by: string;
  /** Names of the cases that must fail, or what they begin with, up to a `*`. */
  readonly fails: readonly string[];
}

export const fault = (file: string, replace: string, by: string, ...fails: readonly string[]): Mutant => ({ file, replace, by, fails });
