// What the tests in generated/form-tests.ts have in common.

/**
 * Whether a value is the message in Mesos's JSON form as it stands: nothing in it is wrong, unknown, or to be put differently. It says
 * no more than that; what is the matter, `messageForm` finds out.
 * @param depth how many messages it lies in
 */
export type FormTest = (value: unknown, depth: number) => boolean;

/** ContainerID nests itself; nobody nests it this deep. */
export const MAX_DEPTH = 64;

/** An array too. */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
