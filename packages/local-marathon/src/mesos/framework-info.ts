import type { FrameworkInfo } from '@streams-on-mesos/mesos';

/** Marathon's failover_timeout: its tasks outlive a Marathon that is away for up to a week. */
const failoverTimeoutSeconds = 7 * 24 * 3600;

export const role = '*';

export const frameworkInfoOf = (name: string, user: string, hostname: string, webuiUrl: string): FrameworkInfo => ({
  name,
  user,
  roles: [role],
  failover_timeout: failoverTimeoutSeconds,
  checkpoint: true,
  hostname,
  webui_url: webuiUrl,
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'TASK_KILLING_STATE' }, { type: 'RESERVATION_REFINEMENT' }],
});
