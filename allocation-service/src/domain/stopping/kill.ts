import type { Context } from '../context.js';
import { after, sendCall } from '../context.js';
import type { PendingKill } from '../leader.js';
import type { Task } from '../model.js';

// A KILL is not reliable: it may be lost with its connection, its agent may be away, its task may not have arrived at
// the agent (docs/scheduler-http-api.md, KILL). So it is repeated from state until a status says that it worked.

const send = (context: Context, taskId: string, kill: PendingKill): void => {
  sendCall(
    context,
    {
      kill: {
        task_id: taskId,
        ...(kill.agentId === undefined ? {} : { agent_id: kill.agentId }),
        ...(kill.graceSecs === undefined ? {} : { grace_seconds: kill.graceSecs }),
      },
    },
    kill.traceId,
  );
  context.state.timers.set(`kill:${taskId}`, after(context, context.state.settings.killRetrySecs));
};

const begin = (context: Context, taskId: string, kill: PendingKill): void => {
  const { kills } = context.state.leader;
  if (kills.has(taskId)) return;
  kills.set(taskId, kill);
  send(context, taskId, kill);
};

/** Kills a task, now and again until `endKill`. */
export const killTask = (context: Context, task: Task): void =>
  begin(context, task.id, { agentId: task.agentId, graceSecs: task.killGraceSecs, traceId: task.traceId });

export const killUnknownTask = (context: Context, taskId: string, agentId: string | undefined): void =>
  begin(context, taskId, { agentId, graceSecs: undefined, traceId: taskId });

export const endKill = (context: Context, taskId: string): void => {
  context.state.leader.kills.delete(taskId);
  context.state.timers.cancel(`kill:${taskId}`);
};

export const onKillDue = (context: Context, taskId: string): void => {
  const kill = context.state.leader.kills.get(taskId);
  if (kill !== undefined) send(context, taskId, kill);
};

/** The subscription is new: what was sent in the last one may not have arrived. */
export const repeatKills = (context: Context): void => {
  for (const [taskId, kill] of context.state.leader.kills) send(context, taskId, kill);
};
