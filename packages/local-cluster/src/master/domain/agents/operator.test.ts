import { beforeEach, describe, expect, it } from 'vitest';
import { deactivateAgent, drainAgent, reactivateAgent } from './drain.js';
import { markAgentGone } from './gone.js';
import { agentId, exit, master, reported, reregister, said, start, statuses, tell, told } from '../testing/one-agent.js';

beforeEach(() => start());

describe('the operator', () => {
  it('MARK_AGENT_GONE: statuses, RESCIND, FAILURE; the agent is told to end; frameworks that know no partitions lose the task', () => {
    master.turn((turn) => markAgentGone(master.state, agentId, turn));
    expect(told()).toEqual(['UPDATE t TASK_GONE_BY_OPERATOR', 'RESCIND', 'FAILURE']);
    expect(statuses()[0]).toMatchObject({ message: 'Agent has been marked gone', reason: 'REASON_AGENT_REMOVED_BY_OPERATOR' });
    expect(master.processMessages).toHaveLength(1);
    master.call('f', { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id: { value: agentId } }] } });
    expect(statuses().at(-1)).toMatchObject({ state: 'TASK_GONE_BY_OPERATOR', message: 'Reconciliation: Task is gone' });
    start({ capabilities: [{ type: 'MULTI_ROLE' }] });
    master.turn((turn) => markAgentGone(master.state, agentId, turn));
    expect(statuses()[0]).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_AGENT_REMOVED' });
  });

  it('may not name an agent that nobody knows', () => {
    const drain = { maxGracePeriodMs: undefined, markGone: false };
    expect(master.turn((turn) => markAgentGone(master.state, 'x', turn))).toEqual({ status: 404, body: `Agent 'x' not found` });
    expect(master.turn((turn) => drainAgent(master.state, 'x', drain, turn))).toEqual({ status: 400, body: 'Unknown agent' });
    expect(master.turn((turn) => deactivateAgent(master.state, 'x', turn))).toEqual({ status: 400, body: 'Unknown agent' });
    expect(master.turn((turn) => reactivateAgent(master.state, agentId, turn))).toEqual({ status: 400, body: 'Agent is not deactivated' });
  });

  it('DEACTIVATE_AGENT, REACTIVATE_AGENT: nothing is offered in between, also after the agent came back', () => {
    master.turn((turn) => deactivateAgent(master.state, agentId, turn));
    exit();
    reregister([reported('TASK_RUNNING')]);
    master.cycle(1_000);
    expect(told()).toEqual(['RESCIND']);
    master.turn((turn) => reactivateAgent(master.state, agentId, turn));
    master.cycle(1_000);
    expect(told()).toEqual(['RESCIND', 'OFFERS']);
  });

  it('DRAIN_AGENT: drained with the acknowledgement of the last task, and only then to be reactivated', () => {
    master.turn((turn) => drainAgent(master.state, agentId, { maxGracePeriodMs: 2_000, markGone: false }, turn));
    expect(said('drain')).toEqual([{ type: 'drain', maxGracePeriodMs: 2_000, markGone: false }]);
    expect(master.turn((turn) => reactivateAgent(master.state, agentId, turn)).body).toBe('Agent is still in the DRAINING state');
    tell('TASK_KILLED', 'dg==');
    master.call('f', { type: 'ACKNOWLEDGE', acknowledge: { agent_id: { value: agentId }, task_id: { value: 't' }, uuid: 'dg==' } });
    expect(master.state.drainingAgents.get(agentId)?.state).toBe('DRAINED');
    expect(master.turn((turn) => reactivateAgent(master.state, agentId, turn)).status).toBe(200);
  });

  it('DRAIN_AGENT with mark_gone: gone when it is empty', () => {
    master.turn((turn) => drainAgent(master.state, agentId, { maxGracePeriodMs: undefined, markGone: true }, turn));
    tell('TASK_GONE_BY_OPERATOR', 'dg==');
    master.call('f', { type: 'ACKNOWLEDGE', acknowledge: { agent_id: { value: agentId }, task_id: { value: 't' }, uuid: 'dg==' } });
    expect(master.state.goneAgents.has(agentId)).toBe(true);
  });
});
