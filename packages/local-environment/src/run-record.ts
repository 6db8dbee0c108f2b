import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartIdentity } from './part.js';
import { freePorts, preferPort } from './ports.js';
import { isSameProcess } from './processes.js';
import type { RunDirectory } from './run-directory.js';

export interface Ports {
  readonly zookeeper: number;
  readonly amqp: number;
  readonly distribution: number;
  readonly epmd: number;
  readonly mesos: number;
  readonly marathon: number;
}

/** What a later command needs to find, complete or stop the run. */
export interface RunRecord {
  readonly ports: Ports;
  readonly parts: Record<string, PartIdentity>;
}

const recordFile = (run: RunDirectory) => join(run.path, 'environment.json');

export const readRecord = (run: RunDirectory): RunRecord | undefined =>
  existsSync(recordFile(run)) ? (JSON.parse(readFileSync(recordFile(run), 'utf8')) as RunRecord) : undefined;

export const writeRecord = (run: RunDirectory, record: RunRecord): void => {
  const temporary = `${recordFile(run)}.new`;
  writeFileSync(temporary, JSON.stringify(record, null, 2));
  renameSync(temporary, recordFile(run));
};

/** After a cut, the ports of the earlier start as far as nobody else has taken them since: what Marathon restarts was told them. */
export const choosePorts = async (wellKnown: boolean, earlier: RunRecord | undefined): Promise<Ports> => {
  const [zookeeper, amqp, distribution, epmd, mesos, marathon] = (await freePorts(6)) as [number, number, number, number, number, number];
  const wanted = earlier?.ports ?? {
    zookeeper,
    amqp,
    distribution,
    epmd,
    ...(wellKnown ? { mesos: 5050, marathon: 8080 } : { mesos, marathon }),
  };
  if (Object.values(earlier?.parts ?? {}).some((part) => isSameProcess(part.process))) return wanted;
  return {
    zookeeper: await preferPort(wanted.zookeeper),
    amqp: await preferPort(wanted.amqp),
    distribution: await preferPort(wanted.distribution),
    epmd: await preferPort(wanted.epmd),
    mesos: await preferPort(wanted.mesos),
    marathon: await preferPort(wanted.marathon),
  };
};

/** Each part of a recorded run and whether it still lives. */
export const recordedParts = (
  run: RunDirectory,
): { readonly name: string; readonly pid: number; readonly alive: boolean; readonly logFile: string }[] =>
  Object.entries(readRecord(run)?.parts ?? {}).map(([name, part]) => ({
    name,
    pid: part.process.pid,
    alive: isSameProcess(part.process),
    logFile: part.logFile,
  }));
