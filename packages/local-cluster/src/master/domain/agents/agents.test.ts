import { beforeEach, describe, expect, it } from 'vitest';
import { markAgentGone } from './gone.js';
import { agentAnswersPing, agentTimers } from './pings.js';
import { agentRegisters } from './register.js';
import { agentUnregisters } from './remove.js';
import { markUnreachable } from './unreachable.js';
import {
  agent,
  agentId,
  exit,
  framework,
  known,
  master,
  newLeader,
  passMs,
  PID,
  reported,
  reregister,
  said,
  start,
  statuses,
  tell,
  told,
} from '../testing/one-agent.js';

beforeEach(() => start());

describe('pings', () => {
  it('go out at once and then at their interval', () => {
    passMs(2_500);
    expect(said('ping')).toHaveLength(3);
  });

  it('that are answered change nothing', () => {
    for (let second = 0; second < 10; second += 1) {
      passMs(1_000);
      agentAnswersPing(master.state, PID, agentId);
    }
    expect(told()).toEqual([]);
  });

  it('that are not answered as often as allowed make the agent unreachable, told in this order', () => {
    passMs(3_000);
    expect(told()).toEqual([]);
    passMs(200);
    expect(told()).toEqual(['UPDATE t TASK_UNREACHABLE', 'RESCIND', 'FAILURE']);
    expect(statuses()[0]).toMatchObject({
      message: 'health check timed out',
      reason: 'REASON_AGENT_REMOVED',
      source: 'SOURCE_MASTER',
      unreachable_time: { nanoseconds: master.state.unreachableAgents.get(agentId) },
    });
    expect(master.state.agents.size + master.state.pings.size).toBe(0);
  });

  it('one answer starts the count anew', () => {
    passMs(2_900);
    agentAnswersPing(master.state, PID, agentId);
    passMs(2_900);
    expect(told()).toEqual([]);
  });
});

describe('a broken connection', () => {
  it('takes back the offers, makes no new ones and keeps the tasks', () => {
    exit();
    expect(told()).toEqual(['RESCIND']);
    master.cycle(1_000);
    expect(told()).toEqual(['RESCIND']);
    expect(framework().tasks.has('t')).toBe(true);
    exit();
    expect(told()).toEqual(['RESCIND']);
    passMs(1_100);
    expect(said('ping').at(-1)).toEqual({ type: 'ping', connected: false });
  });

  it('loses the tasks of a framework that checkpoints nothing', () => {
    start({ checkpoint: false });
    exit();
    expect(told()).toEqual(['RESCIND', 'UPDATE t TASK_LOST']);
    expect(statuses()[0]).toMatchObject({ message: 'Agent h1 disconnected', reason: 'REASON_AGENT_DISCONNECTED' });
    expect(agent().available).toEqual(agent().total);
  });

  it('is the end if the agent answers pings but does not register in time', () => {
    start({}, { agentReregisterTimeoutMs: 2_000 });
    exit();
    for (let round = 0; round < 30; round += 1) {
      passMs(100);
      agentAnswersPing(master.state, PID, agentId);
    }
    expect(statuses()[0]?.message).toBe('agent did not reregister within 2secs after disconnecting');
  });
});

describe('a registration of an agent that is known', () => {
  it('is answered, and the agent is offered again without a word of its tasks', () => {
    exit();
    reregister([reported('TASK_RUNNING')]);
    expect(said('reregistered')).toMatchObject([{ pingTimeoutMs: 3_000, reconciliations: [] }]);
    expect(said('update-framework')).toHaveLength(1);
    master.cycle(1_000);
    expect(told()).toEqual(['RESCIND', 'OFFERS']);
    expect(master.state.reregisterDeadlines.size).toBe(0);
  });

  it('asks for the tasks that it does not name', () => {
    exit();
    reregister([]);
    expect(said('reregistered')).toMatchObject([{ reconciliations: [{ taskIds: ['t'] }] }]);
    expect(framework().tasks.has('t')).toBe(true);
  });

  it('repeats a kill that may not have come through, and ends frameworks that have ended', () => {
    master.call('f', { type: 'KILL', kill: { task_id: { value: 't' } } });
    exit();
    const task = reported('TASK_RUNNING');
    master.messages.length = 0;
    reregister([task]);
    expect(said('kill-task')).toHaveLength(1);
    master.call('f', { type: 'TEARDOWN' });
    master.messages.length = 0;
    reregister([task]);
    expect(said('shutdown-framework')).toHaveLength(1);
  });

  it('from another machine is refused: the agent is to end', () => {
    reregister([], 'slave(1)@h2:5051', 'h2');
    expect(master.processMessages).toEqual([
      { to: 'slave(1)@h2:5051', message: { type: 'shutdown', message: 'Agent attempted to reregister with different IP / hostname' } },
    ]);
  });

  it('without its id is answered with that, or in its place another agent is if the connection was broken', () => {
    const again = (): void =>
      master.turn((turn) => agentRegisters(master.state, PID, { type: 'register', agent: known, total: known.resources }, turn));
    again();
    expect(said('registered')).toMatchObject([{ agentId }]);
    exit();
    master.events.clear();
    again();
    expect(said('registered').at(-1)).not.toMatchObject({ agentId });
    expect(told()).toEqual(['UPDATE t TASK_LOST', 'FAILURE', 'OFFERS']);
    expect(statuses()[0]).toMatchObject({
      message: 'Agent h1 removed: a new agent registered at the same address',
      reason: 'REASON_AGENT_REMOVED',
    });
  });
});

describe('an agent that was unreachable', () => {
  beforeEach(() => {
    master.turn((turn) => markUnreachable(master.state, agentId, 'health check timed out', turn));
    master.events.clear();
    master.messages.length = 0;
  });

  it('comes back with its tasks, each told of as it is now', () => {
    reregister([reported('TASK_FINISHED')]);
    expect(told()).toEqual(['UPDATE t TASK_FINISHED', 'OFFERS']);
    expect(statuses()[0]).toMatchObject({ message: 'Unreachable agent re-reregistered', reason: 'REASON_AGENT_REREGISTERED' });
    expect(framework().unreachableTasks.size + master.state.unreachableAgents.size).toBe(0);
    expect(said('update-framework')).toHaveLength(1);
  });

  it('without a task: nobody is told, and reconciliation says that the agent does not know it', () => {
    reregister([]);
    expect(told()).toEqual(['OFFERS']);
    master.call('f', { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id: { value: agentId } }] } });
    expect(told().at(-1)).toBe('UPDATE t TASK_GONE');
  });

  it('has updates ignored until it is registered again', () => {
    tell('TASK_FINISHED', 'dg==');
    expect(told()).toEqual([]);
  });

  it('MARK_AGENT_GONE: its tasks are gone, and it is told to end when it comes', () => {
    expect(master.turn((turn) => markAgentGone(master.state, agentId, turn))).toEqual({ status: 200, body: '' });
    expect(told()).toEqual(['UPDATE t TASK_GONE_BY_OPERATOR']);
    reregister([reported('TASK_RUNNING')]);
    expect(master.processMessages).toEqual([{ to: PID, message: { type: 'shutdown', message: 'Agent has been marked gone' } }]);
    expect(master.state.agents.size).toBe(0);
  });
});

describe('an agent that this master never saw', () => {
  it('is taken with its tasks; of its frameworks it is the first word', () => {
    const tasks = [reported('TASK_RUNNING')];
    const before = master;
    newLeader();
    reregister(tasks);
    expect(framework()).toMatchObject({ id: [...before.state.frameworks.keys()][0], state: 'recovered' });
    expect(framework().tasks.get('t')).toMatchObject({ state: 'TASK_RUNNING', statusUpdateState: 'TASK_RUNNING' });
    expect(agent().available).not.toEqual(agent().total);
  });

  it('but the registry did: unreachable when it does not come back in time', () => {
    master.state.recoveredAgents.add('m-S9');
    const ask = (): void =>
      void master.call('f', { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'x' }, agent_id: { value: 'm-S9' } }] } });
    ask();
    expect(told()).toEqual([]);
    master.now = (master.state.recoveryDeadline ?? 0) + 1;
    agentAnswersPing(master.state, PID, agentId);
    master.turn((turn) => agentTimers(master.state, turn));
    expect(told()).toEqual(['FAILURE']);
    ask();
    expect(told().at(-1)).toBe('UPDATE x TASK_UNREACHABLE');
  });
});

describe('an agent that ends by its own word', () => {
  it('is removed, its tasks lost; a stranger cannot say so', () => {
    master.turn((turn) => agentUnregisters(master.state, 'slave(1)@h2:5051', { type: 'unregister', agentId }, turn));
    expect(told()).toEqual([]);
    master.turn((turn) => agentUnregisters(master.state, PID, { type: 'unregister', agentId }, turn));
    expect(told()).toEqual(['UPDATE t TASK_LOST', 'RESCIND', 'FAILURE']);
    expect(statuses()[0]?.message).toBe('Agent h1 removed: the agent unregistered');
  });
});
