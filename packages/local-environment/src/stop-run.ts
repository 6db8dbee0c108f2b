import { partOf } from './part.js';
import { isSameProcess } from './processes.js';
import type { RunDirectory } from './run-directory.js';
import { readRecord, writeRecord } from './run-record.js';

export const STOP_WITHIN_MS = 20_000;

/** Stops a run, whoever started it: Marathon first, so that nothing is started again; ZooKeeper last; then what is left. */
export const stopRun = async (run: RunDirectory, onProgress: (line: string) => void = () => {}): Promise<void> => {
  const record = readRecord(run);
  const end = async (name: string): Promise<void> => {
    const part = record?.parts[name];
    if (part === undefined || !isSameProcess(part.process)) return;
    await partOf(name, part, STOP_WITHIN_MS).stop();
    onProgress(`${name} stopped`);
  };
  await end('Marathon');
  await end('Mesos');
  await Promise.all([end('RabbitMQ'), end('ZooKeeper')]);
  await run.sweep();
  if (record !== undefined) writeRecord(run, { ports: record.ports, parts: {} });
};
