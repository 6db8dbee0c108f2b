/** What is wrong with a field of a request: the message names the field, its value and the remedy. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

const SHOWN = 80;

const show = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

export const fault = (field: string, value: unknown, remedy: string): Fault => ({
  field,
  message: `${field} is ${show(value)}: ${remedy}`,
});

/** A whole number within bounds; undefined is one, too. */
export const wholeNumberFault = (field: string, value: number | undefined, min: number, max: number): Fault | undefined =>
  value === undefined || (Number.isInteger(value) && value >= min && value <= max)
    ? undefined
    : fault(field, value, `give a whole number from ${min} to ${max}`);

export const textFault = (field: string, text: string, maxLength: number): Fault | undefined =>
  text.length > 0 && text.length <= maxLength
    ? undefined
    : { field, message: `${field} has ${text.length} characters: give 1 to ${maxLength}` };

export const countFault = (field: string, list: readonly unknown[] | undefined, max: number): Fault | undefined =>
  list === undefined || list.length <= max ? undefined : { field, message: `${field} has ${list.length} entries: give at most ${max}` };

/** The fault of the first entry that has one. */
export const firstFault = <T>(
  list: readonly T[] | undefined,
  faultOf: (entry: T, index: number) => Fault | undefined,
): Fault | undefined => {
  for (const [index, entry] of (list ?? []).entries()) {
    const found = faultOf(entry, index);
    if (found !== undefined) return found;
  }
  return undefined;
};
