// Breaking the cluster on purpose: by the local cluster's faults, or by commands that the operator gives for another one.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WireClient } from '../testing/wire-client.js';

/** What can be done to an agent (by its hostname) or to the master (by its host:port). */
export const controlNames = ['pause-agent', 'resume-agent', 'kill-agent', 'start-agent', 'kill-master', 'start-master'] as const;
export type ControlName = (typeof controlNames)[number];

/** Shell commands; `{}` stands for the one that it is done to. */
export type Hooks = Partial<Record<ControlName, string>>;

export interface Control {
  can(...names: readonly ControlName[]): boolean;
  /** @throws Error when it does not work */
  perform(name: ControlName, target: string): Promise<void>;
}

const PATH = '/local-cluster/faults';
const FAULT: Readonly<Record<ControlName, string>> = {
  'pause-agent': 'pause-agent',
  'resume-agent': 'return-agent',
  'kill-agent': 'kill-agent',
  'start-agent': 'return-agent',
  'kill-master': 'kill-master',
  'start-master': 'return-master',
};

/** `faultsUrl`: where the faults can be reached while no master can. */
export const localControl = (client: WireClient, canKillMasters: boolean): Control => ({
  can: (...names) => canKillMasters || names.every((name) => name.endsWith('-agent')),
  perform: async (name, target) => {
    const kind = name.endsWith('-agent') ? 'agent' : 'master';
    const body = JSON.stringify({ fault: FAULT[name], [kind]: target });
    const { status, body: text } = await client.exchange({
      method: 'POST',
      path: PATH,
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    if (status !== 200) throw new Error(`${name} ${target}: ${text}`);
  },
});

export const hooksControl = (hooks: Hooks): Control => ({
  can: (...names) => names.every((name) => hooks[name] !== undefined),
  perform: async (name, target) => {
    const command = hooks[name] ?? 'false';
    await promisify(execFile)('/bin/sh', ['-c', command.replaceAll('{}', () => `'${target.replaceAll("'", `'\\''`)}'`)]);
  },
});
