import { describe, expect, it } from 'vitest';
import { executorMessage } from './agents/executors.js';
import { agentExited } from './agents/disconnect.js';
import { TestMaster } from './testing/master.js';

const started = () => {
  const master = new TestMaster();
  const agentId = master.agent('h');
  const frameworkId = master.framework('f');
  return { master, agentId, frameworkId };
};
const sent = ({ messages }: TestMaster, type: string) => messages.map(({ message }) => message).filter((message) => message.type === type);

describe('what a framework says to executors', () => {
  const ids = (agentId: string) => ({ agent_id: { value: agentId }, executor_id: { value: 'e' } });

  it('MESSAGE goes to the agent as it is', () => {
    const { master, agentId, frameworkId } = started();
    expect(master.call('f', { type: 'MESSAGE', message: { ...ids(agentId), data: 'aGk=' } })).toEqual({ status: 202 });
    expect(sent(master, 'framework-message')).toEqual([{ type: 'framework-message', frameworkId, executorId: 'e', data: 'aGk=' }]);
  });

  it('SHUTDOWN goes to the agent, whatever it has', () => {
    const { master, agentId, frameworkId } = started();
    expect(master.call('f', { type: 'SHUTDOWN', shutdown: ids(agentId) })).toEqual({ status: 202 });
    expect(sent(master, 'shutdown-executor')).toEqual([{ type: 'shutdown-executor', frameworkId, executorId: 'e' }]);
  });

  it('of an unknown agent nobody is told', () => {
    const { master } = started();
    expect(master.call('f', { type: 'MESSAGE', message: { ...ids('x'), data: '' } })).toEqual({ status: 202 });
    expect(master.call('f', { type: 'SHUTDOWN', shutdown: ids('x') })).toEqual({ status: 202 });
    expect([...sent(master, 'framework-message'), ...sent(master, 'shutdown-executor')]).toEqual([]);
  });

  it('a disconnected agent gets no MESSAGE and no KILL, which it gets when it is back', () => {
    const { master, agentId } = started();
    master.launch('f', 't');
    const task = master.state.agents.get(agentId)?.tasks;
    const framework = [...master.state.frameworks.values()][0];
    if (framework !== undefined) framework.info = { ...framework.info, checkpoint: true };
    master.turn((turn) => agentExited(master.state, 'slave(1)@h:5051', turn));
    expect(task?.size).toBe(1);
    master.call('f', { type: 'MESSAGE', message: { ...ids(agentId), data: '' } });
    master.call('f', { type: 'KILL', kill: { task_id: { value: 't' } } });
    expect([...sent(master, 'framework-message'), ...sent(master, 'kill-task')]).toEqual([]);
    expect(master.state.agents.get(agentId)?.killedTasks.size).toBe(1);
  });
});

describe('what an executor says', () => {
  it('is a MESSAGE event', () => {
    const { master, agentId, frameworkId } = started();
    const said = { type: 'executor-message' as const, agentId, frameworkId, executorId: 'e', data: 'aGk=' };
    master.turn((turn) => executorMessage(master.state, said, turn));
    expect(master.events.get('f')?.at(-1)).toEqual({
      type: 'MESSAGE',
      message: { agent_id: { value: agentId }, executor_id: { value: 'e' }, data: 'aGk=' },
    });
  });
});

describe('answers', () => {
  it.each([
    ['REQUEST', { request: {} }, { status: 202 }],
    ['ACCEPT_INVERSE_OFFERS', { accept_inverse_offers: {} }, { status: 202 }],
    ['DECLINE_INVERSE_OFFERS', { decline_inverse_offers: {} }, { status: 202 }],
    ['RECONCILE_OPERATIONS', { reconcile_operations: {} }, { status: 202 }],
    ['UNKNOWN', {}, { status: 501 }],
  ] as const)('%s', (type, body, answer) => {
    const { master } = started();
    expect(master.call('f', { type, ...body })).toEqual(answer);
  });
});
