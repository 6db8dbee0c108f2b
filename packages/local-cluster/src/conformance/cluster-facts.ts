// What the suite knows of the cluster before it asks anything of it: version, flags, agents.
import { durationUnitsMs } from '../durations/duration-units.js';
import type { WireClient } from '../testing/wire-client.js';

export interface AgentFacts {
  readonly id: string;
  readonly hostname: string;
  /** `slave(1)@ip:port` */
  readonly pid: string;
}

export interface ClusterFacts {
  /** As `[1, 12, 0]`. */
  readonly version: readonly number[];
  /** Empty where the master doesn't tell. */
  readonly flags: Readonly<Record<string, string>>;
  readonly masterId: string;
  readonly agents: readonly AgentFacts[];
  readonly allocationIntervalMs: number;
  /** Whether other frameworks are there, which may take and give back resources at any time. */
  readonly isShared: boolean;
  /** Whether the local cluster's interface for faults is there. */
  readonly hasFaults: boolean;
}

/** `1secs` and the like, as stout prints durations. */
export const durationMs = (text: string | undefined): number | undefined => {
  const [, number, unit = ''] = /^([\d.]+)([a-z]+)$/.exec(text ?? '') ?? [];
  const size = durationUnitsMs[unit];
  return size === undefined ? undefined : Number(number) * size;
};

const parseVersion = (text: string): number[] => text.split(/[.-]/).slice(0, 3).map(Number);

export const isAtLeast = (version: readonly number[], wanted: string): boolean => {
  for (const [index, part] of parseVersion(wanted).entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
};

const getJson = async (client: WireClient, path: string): Promise<Record<string, unknown> | undefined> => {
  const answer = await client.exchange({ method: 'GET', path });
  if (answer.status === 401 || answer.status === 403)
    throw new Error(`GET ${path} is answered ${answer.status}: the master wants credentials; give them with --principal and --secret-file`);
  if (answer.status !== 200) return undefined;
  try {
    return JSON.parse(answer.body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
};

/** @throws Error saying what makes this master unfit to be asked */
export async function readClusterFacts(client: WireClient): Promise<ClusterFacts> {
  const state = await getJson(client, '/state');
  if (state === undefined) throw new Error('GET /state gives no JSON: is this a Mesos master, and has it a leader?');
  const flags = (await getJson(client, '/flags'))?.['flags'] ?? state['flags'] ?? {};
  const slaves = (state['slaves'] ?? []) as AgentFacts[];
  const faults = await client.exchange({ method: 'GET', path: '/local-cluster/faults' });
  const text = (name: string): string => String(state[name] ?? '');
  return {
    version: parseVersion(text('version')),
    flags: flags as Record<string, string>,
    masterId: text('id'),
    agents: slaves.map(({ id, hostname, pid }) => ({ id, hostname, pid })),
    allocationIntervalMs: durationMs((flags as Record<string, string>)['allocation_interval']) ?? 1000,
    isShared: Array.isArray(state['frameworks']) && state['frameworks'].length > 0,
    hasFaults: faults.status === 200,
  };
}
