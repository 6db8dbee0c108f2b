import { userInfo } from 'node:os';
import type { FrameworkInfo, OfferConstraints } from '@streams-on-mesos/mesos';
import type { OfferNeeds } from '../domain/roles/offer-needs.js';

export interface FrameworkConfig {
  readonly frameworkName: string;
  readonly mesosUser: string | undefined;
  readonly mesosRoles: readonly string[];
  readonly mesosPrincipal: string | undefined;
  readonly failoverTimeoutSecs: number;
  readonly gpuResources: boolean;
  readonly revocableResources: boolean;
}

const capabilities = ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'] as const;

/**
 * Who we are to Mesos. `checkpoint` lets tasks outlive a restart of their agent, `failover_timeout` our own absence
 * (docs/high-availability-framework-guide.md); `user` has to be explicit over HTTP.
 */
export const frameworkInfo = (config: FrameworkConfig, webuiUrl: string): FrameworkInfo => ({
  name: config.frameworkName,
  user: config.mesosUser ?? userInfo().username,
  roles: [...config.mesosRoles],
  checkpoint: true,
  failover_timeout: config.failoverTimeoutSecs,
  webui_url: webuiUrl,
  ...(config.mesosPrincipal !== undefined && { principal: config.mesosPrincipal }),
  capabilities: [
    ...capabilities,
    ...(config.gpuResources ? (['GPU_RESOURCES'] as const) : []),
    ...(config.revocableResources ? (['REVOCABLE_RESOURCES'] as const) : []),
  ].map((type) => ({ type })),
});

export const infoWithNeeds = (info: FrameworkInfo, { filters }: OfferNeeds): FrameworkInfo =>
  Object.keys(filters).length === 0 ? info : { ...info, offer_filters: { ...filters } };

/** undefined, not empty, for none. */
export const constraintsOf = ({ constraints }: OfferNeeds): OfferConstraints | undefined =>
  Object.keys(constraints).length === 0 ? undefined : { role_constraints: { ...constraints } };
