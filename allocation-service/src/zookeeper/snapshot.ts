import type { ZooKeeperSession } from '@streams-on-mesos/service';
import type { Change } from '../domain/model.js';
import { CorruptStateError, FORMAT_VERSION, NODE_LIMIT_BYTES, parseJson } from './entry.js';
import { checked, readAll, removeAll, type Fence } from './fence.js';

/** The data of the snapshot's parent node: one write of it makes the nodes that it names current. */
interface Pointer {
  readonly version: number;
  /** the last journal entry that the snapshot holds */
  readonly through: number;
  /** what the names of its nodes begin with; never used twice */
  readonly name: string;
  readonly parts: number;
}

export interface Snapshot {
  readonly records: readonly Change[];
  /** the last journal entry that the snapshot holds, 0 without a snapshot */
  readonly through: number;
  readonly bytes: number;
}

const partPath = (path: string, name: string, part: number): string => `${path}/${name}.${String(part).padStart(4, '0')}`;

const readPointer = async (session: ZooKeeperSession, path: string): Promise<{ pointer: Pointer | undefined; nodeVersion: number }> => {
  const node = await session.get(path);
  if (node === undefined || node.data.length === 0) return { pointer: undefined, nodeVersion: node?.version ?? 0 };
  return { pointer: parseJson(path, node.data) as unknown as Pointer, nodeVersion: node.version };
};

/** @throws FutureStateError, CorruptStateError */
export const readSnapshot = async (session: ZooKeeperSession, path: string): Promise<Snapshot> => {
  const { pointer } = await readPointer(session, path);
  if (pointer === undefined) return { records: [], through: 0, bytes: 0 };
  const paths = Array.from({ length: pointer.parts }, (_, part) => partPath(path, pointer.name, part));
  const whole = Buffer.concat(await readAll(session, paths));
  const { records } = parseJson(paths[0] ?? path, whole);
  if (!Array.isArray(records)) throw new CorruptStateError(`${paths[0]} is no snapshot: restore it, or remove the state and reconcile`);
  return { records: records as Change[], through: pointer.through, bytes: whole.length };
};

export interface SnapshotToWrite {
  readonly through: number;
  readonly name: string;
  /** each record as JSON text */
  readonly records: Iterable<string>;
  readonly limitBytes?: number;
}

/** The bytes of a snapshot: JSON, cut without regard to its contents, so that no record is too large for it. */
export const snapshotBytes = (records: Iterable<string>): Buffer =>
  Buffer.from(`{"version":${FORMAT_VERSION},"records":[${[...records].join(',')}]}`);

/** Writes the nodes first and the pointer last: a crash in between leaves the earlier snapshot current. Returns its size. */
export const writeSnapshot = async (fence: Fence, path: string, snapshot: SnapshotToWrite): Promise<number> => {
  const { nodeVersion } = await readPointer(fence.session, path);
  const limit = snapshot.limitBytes ?? NODE_LIMIT_BYTES;
  const whole = snapshotBytes(snapshot.records);
  const parts = Math.ceil(whole.length / limit);
  for (let part = 0; part < parts; part += 1) {
    const data = whole.subarray(part * limit, (part + 1) * limit);
    await checked(fence)
      .create(partPath(path, snapshot.name, part), data)
      .commit();
  }
  const pointer: Pointer = { version: FORMAT_VERSION, through: snapshot.through, name: snapshot.name, parts };
  await checked(fence)
    .set(path, Buffer.from(JSON.stringify(pointer)), nodeVersion)
    .commit();
  return whole.length;
};

/** Removes every node that belongs to no current snapshot, also those of writers that died in the middle. */
export const removeOldSnapshots = async (fence: Fence, path: string): Promise<void> => {
  const { pointer } = await readPointer(fence.session, path);
  const names = await fence.session.children(path);
  const old = names.filter((name) => pointer === undefined || !name.startsWith(`${pointer.name}.`));
  await removeAll(
    fence,
    old.map((name) => `${path}/${name}`),
  );
};
