import type { z } from 'zod';

const plain = 'local-marathon runs plain commands: use cmd or args, and fetch';

/** Fields that real Marathon acts on and this one can't. To ignore them would run something else than what was asked for. */
const remedies: Readonly<Record<string, string>> = {
  container: `containers are not supported here; ${plain}`,
  ipAddress: 'networks other than the host are not supported here',
  residency: 'persistent volumes are not supported here',
  readinessChecks: 'readiness checks are not supported here; use healthChecks',
  check: 'checks are not supported here; use healthChecks',
  secrets: 'secrets are not supported here; use env',
  dependencies: 'dependencies are not supported here; start the apps in their order',
  gpus: 'gpus are not supported here',
  tty: 'a tty is not supported here',
  resourceLimits: 'resource limits are not supported here',
  executorResources: 'executor resources are not supported here',
  executor: `custom executors are not supported here; ${plain}`,
  networks: 'networks other than {"mode": "host"} are not supported here',
  role: 'roles other than "*" are not supported here',
  acceptedResourceRoles: 'roles other than "*" are not supported here',
};

/** Values that ask for nothing, or for what happens here anyway. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  executor: (value) => value === '//cmd',
  networks: (value) => Array.isArray(value) && value.every((network: unknown) => isHostNetwork(network)),
  role: (value) => value === '*',
  acceptedResourceRoles: (value) => Array.isArray(value) && value.includes('*'),
};

const isHostNetwork = (network: unknown): boolean =>
  typeof network === 'object' && network !== null && (network as { mode?: unknown }).mode === 'host';

const isEmpty = (value: unknown): boolean =>
  value === '' || value === 0 || value === false || (typeof value === 'object' && (value === null || Object.keys(value).length === 0));

export function unsupportedFields(request: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const [field, message] of Object.entries(remedies)) {
    const value = request[field];
    if (value === undefined || isEmpty(value) || harmless[field]?.(value)) continue;
    context.addIssue({ code: 'custom', path: [field], message });
  }
}
