import { mkdtempSync, readdirSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskState, TaskStatus } from '../../generated/protocol.js';
import { acknowledgeUpdate, addUpdate, emptyStream } from '../update-stream.js';
import { AgentCheckpoint, type UpdateRecord } from './agent-checkpoint.js';
import { FileRecords, fileName } from './file-records.js';
import { MemoryRecords, type RecordTree } from './record-tree.js';
import { recoverTask } from './recover-task.js';

const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'local-cluster-checkpoint-'));
  directories.push(directory);
  return directory;
};
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const info = { hostname: 'h', ip: '127.0.0.11', port: 5051, resources: [], attributes: [] };
const status = (uuid: string, state: TaskState): TaskStatus => ({ task_id: { value: 't' }, state, uuid });
const update = (uuid: string, state: TaskState): UpdateRecord => ({ type: 'update', status: status(uuid, state) });
const acknowledgement = (uuid: string): UpdateRecord => ({ type: 'acknowledgement', uuid });

const trees: readonly (readonly [string, () => RecordTree])[] = [
  ['in files', () => new FileRecords(newDirectory())],
  ['in memory', () => new MemoryRecords()],
];

describe.each(trees)('what an agent writes down %s', (_where, newTree) => {
  it('is read by its next process', () => {
    const tree = newTree();
    const checkpoint = new AgentCheckpoint(tree);
    expect(checkpoint.read()).toBeUndefined();
    const executor = { frameworkId: 'F', executorId: '../e' };
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'S0' } };
    const framework = { id: { value: 'F' }, user: 'u', name: 'f', checkpoint: true };
    checkpoint.saveAgent({ id: 'S0', info });
    checkpoint.saveDrain({ maxGracePeriodMs: 5, markGone: true });
    checkpoint.saveFramework(framework);
    checkpoint.saveExecutor('F', { executorId: '../e', containerId: 'c', info: undefined, role: '*' });
    checkpoint.saveTask(executor, task);
    checkpoint.addUpdate(executor, 't', update('1', 'TASK_RUNNING'));
    checkpoint.addUpdate(executor, 't', acknowledgement('1'));
    expect(new AgentCheckpoint(tree).read()).toEqual({
      id: 'S0',
      info,
      total: undefined,
      drain: { maxGracePeriodMs: 5, markGone: true },
      operations: [],
      frameworks: [
        {
          info: framework,
          executors: [
            {
              executorId: '../e',
              containerId: 'c',
              role: '*',
              tasks: [{ info: task, updates: [update('1', 'TASK_RUNNING'), acknowledgement('1')] }],
            },
          ],
        },
      ],
    });
    checkpoint.removeTask(executor, 't');
    checkpoint.saveDrain(undefined);
    checkpoint.saveResources({ total: [], operations: [] });
    expect(checkpoint.read()).toMatchObject({ total: [], drain: undefined, frameworks: [{ executors: [{ tasks: [] }] }] });
    checkpoint.removeExecutor(executor);
    expect(checkpoint.read()?.frameworks[0]?.executors).toEqual([]);
    checkpoint.removeFramework('F');
    expect(checkpoint.read()?.frameworks).toEqual([]);
    checkpoint.forget();
    expect(checkpoint.read()).toBeUndefined();
  });
});

describe('records in files', () => {
  it('survive a line that was cut short by a crash', () => {
    const directory = newDirectory();
    const records = new FileRecords(directory);
    records.append(['updates'], { one: 1 });
    appendFileSync(join(directory, 'updates'), '{"two":');
    expect(records.read(['updates'])).toEqual([{ one: 1 }]);
  });

  it('stay below their directory and have names that files can have, whatever the ids are', () => {
    const directory = newDirectory();
    const records = new FileRecords(join(directory, 'inner'));
    for (const id of ['..', '.', '/etc/passwd', 'ä'.repeat(300)]) {
      records.write([id, 'info'], id);
      expect(records.read([id, 'info'])).toEqual([id]);
    }
    expect(readdirSync(directory)).toEqual(['inner']);
    expect(fileName('..')).not.toMatch(/^\./);
  });
});

describe('a task that is recovered', () => {
  it.each<[string, UpdateRecord[], object]>([
    ['nothing told yet', [], { state: 'TASK_STAGING', pending: [], isCompleted: false, statusUpdate: undefined }],
    [
      'told, not acknowledged',
      [update('1', 'TASK_STARTING'), update('2', 'TASK_RUNNING')],
      {
        state: 'TASK_RUNNING',
        pending: [status('1', 'TASK_STARTING'), status('2', 'TASK_RUNNING')],
        statusUpdate: status('1', 'TASK_STARTING'),
      },
    ],
    [
      'acknowledged',
      [update('1', 'TASK_RUNNING'), acknowledgement('1')],
      { state: 'TASK_RUNNING', pending: [], statusUpdate: status('1', 'TASK_RUNNING'), isCompleted: false },
    ],
    ['its end acknowledged', [update('1', 'TASK_FAILED'), acknowledgement('1')], { state: 'TASK_FAILED', isCompleted: true }],
  ])('%s', (_what, records, expected) => {
    expect(recoverTask(records)).toMatchObject(expected);
  });

  it('has just what its agent had before, wherever that died', () => {
    const intervals = { minMs: 1, maxMs: 1 };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (acknowledges) => {
        let stream = emptyStream(intervals);
        const records: UpdateRecord[] = [];
        acknowledges.forEach((acknowledge, index) => {
          const out = stream.pending[0]?.uuid;
          if (acknowledge && out !== undefined) {
            records.push(acknowledgement(out));
            stream = acknowledgeUpdate(stream, out, intervals)?.stream ?? stream;
          } else {
            records.push(update(String(index), 'TASK_RUNNING'));
            stream = addUpdate(stream, status(String(index), 'TASK_RUNNING')).stream;
          }
        });
        expect(recoverTask(records).pending).toEqual(stream.pending);
      }),
    );
  });
});
