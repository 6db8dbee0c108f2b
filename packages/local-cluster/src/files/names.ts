// Names of users and groups by number, as a listing shows them (getpwuid, getgrgid).
import { readFile } from 'node:fs/promises';

const namesIn = async (file: string): Promise<ReadonlyMap<number, string>> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, , id] = line.split(':');
      return name === undefined || id === undefined ? [] : [[Number(id), name] as const];
    }),
  );
};

const lookUp = (file: string) => {
  let names: Promise<ReadonlyMap<number, string>> | undefined;
  return async (id: number): Promise<string> => (await (names ??= namesIn(file))).get(id) ?? String(id);
};

/** The number itself if it has no name. */
export const userName = lookUp('/etc/passwd');
export const groupName = lookUp('/etc/group');
