// A message as a list of its leaves, so that protoc's text and Mesos's JSON form can be compared without a codec in between.

export type Leaf = readonly [path: string, value: string | number];

const STRING = /^"(?:[^"\\]|\\.)*"$/;
/** As protoc escapes a string's bytes. */
const ESCAPE = /\\([0-7]{3}|.)/g;
const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const unquoted = (text: string): string =>
  text
    .slice(1, -1)
    .replace(ESCAPE, (_all, what: string) => (/^[0-7]{3}$/.test(what) ? String.fromCharCode(parseInt(what, 8)) : (named[what] ?? what)));

const numberOr = (text: string): string | number => (Number.isNaN(Number(text)) || /^\d{16,}$/.test(text) ? text : Number(text));

/** Of protobuf's text format; strings as their bytes in latin1. */
export const leavesOfText = (text: string): Leaf[] => {
  const leaves: Leaf[] = [];
  const path: string[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, opened] = /^(\w+) \{$/.exec(line) ?? [];
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (opened !== undefined) path.push(opened);
    else if (line === '}') path.pop();
    else if (name !== undefined && value !== undefined)
      leaves.push([[...path, name].join('.'), STRING.test(value) ? unquoted(value) : numberOr(value)]);
    else if (line !== '') throw new Error(`not protobuf's text format: ${line}`);
  }
  return leaves;
};

/** Fields of type `bytes`, which JSON has in base64. */
const BYTES = /(^|\.)(status\.uuid|acknowledge\.uuid|data)$/;

const leafOf = (path: string, value: unknown): Leaf => {
  if (typeof value === 'number') return [path, value];
  if (typeof value === 'boolean') return [path, String(value)];
  return [path, Buffer.from(String(value), BYTES.test(path) ? 'base64' : 'utf8').toString('latin1')];
};

/** Of Mesos's JSON form; the messages on the way count only by their leaves. */
export const leavesOfJson = (value: unknown, path = ''): Leaf[] => {
  if (Array.isArray(value)) return value.flatMap((one) => leavesOfJson(one, path));
  if (typeof value !== 'object' || value === null) return [leafOf(path, value)];
  return Object.entries(value).flatMap(([name, one]) => leavesOfJson(one, path === '' ? name : `${path}.${name}`));
};
