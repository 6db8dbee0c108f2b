import type { TaskState, TaskStatus } from '@streams-on-mesos/mesos';

/** What the user is told of, in order; with --json as it stands here. */
export type Happening =
  | { readonly event: 'subscribed'; readonly framework_id: string }
  | { readonly event: 'submitted'; readonly task_ids: readonly string[]; readonly agent_id: string; readonly hostname: string }
  | { readonly event: 'status'; readonly status: TaskStatus }
  | { readonly event: 'kill'; readonly task_id: string };

/** src/common/protobuf_utils.cpp, isTerminalState */
const TERMINAL: readonly TaskState[] = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
];

export const isTerminal = (state: TaskState | undefined): boolean => state !== undefined && TERMINAL.includes(state);

const statusLines = ({ state, task_id, message, source, reason, healthy, check_status }: TaskStatus): string[] => [
  `Received status update ${state} for task '${task_id.value}'`,
  ...(message ? [`  message: '${message}'`] : []),
  ...(source === undefined ? [] : [`  source: ${source}`]),
  ...(reason === undefined ? [] : [`  reason: ${reason}`]),
  ...(healthy === undefined ? [] : [`  healthy?: ${healthy}`]),
  ...(check_status === undefined ? [] : [`  check status: ${JSON.stringify(check_status)}`]),
];

/** In the words of mesos-execute. */
export const happeningText = (happening: Happening): string => {
  switch (happening.event) {
    case 'subscribed':
      return `Subscribed with ID ${happening.framework_id}`;
    case 'submitted': {
      const { task_ids, agent_id, hostname } = happening;
      const what = task_ids.length === 1 ? `task '${task_ids.join('')}'` : `task group with tasks [ ${task_ids.join(', ')} ]`;
      return `Submitted ${what} to agent '${agent_id}' (${hostname})`;
    }
    case 'status':
      return statusLines(happening.status).join('\n');
    case 'kill':
      return `Asked to kill task '${happening.task_id}'`;
  }
};

/** Why what was asked for did not come about: the tasks that did not finish. */
export const failureText = (ends: readonly TaskStatus[]): string =>
  ends
    .filter(({ state }) => state !== 'TASK_FINISHED')
    .map(({ task_id, state, message, reason }) => {
      const why = [message, reason && `(${reason})`].filter(Boolean).join(' ');
      return `task '${task_id.value}' ended with ${state}${why === '' ? '' : `: ${why}`}`;
    })
    .join('; ');
