import type { CheckInfo, CheckStatusInfo } from '../../generated/protocol.js';

/** What a task's status says of its check as long as there is no result (executor.cpp, createTaskStatus). */
export const emptyCheckStatus = ({ type }: CheckInfo): CheckStatusInfo | undefined =>
  type === undefined || type === 'UNKNOWN' ? undefined : { type, [type.toLowerCase()]: {} };
