// Breaking the cluster on purpose: by the local cluster's faults, or by commands that the operator gives for another one.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WireClient } from '../testing/wire-client.js';

/** What can be done to an agent (by its hostname), to a master (by its host:port) or to ZooKeeper (its own matter where it is). */
export const controlNames = [
  'pause-agent',
  'resume-agent',
  'kill-agent',
  'start-agent',
  'renew-agent',
  'kill-master',
  'start-master',
  'stop-zookeeper',
  'start-zookeeper',
] as const;
export type ControlName = (typeof controlNames)[number];

/** Shell commands; `{}` stands for the one that it is done to. */
export type Hooks = Partial<Record<ControlName, string>>;

export interface Control {
  can(...names: readonly ControlName[]): boolean;
  /** @throws Error when it does not work */
  perform(name: ControlName, target: string): Promise<void>;
}

const PATH = '/local-cluster/faults';
const FAULT: Readonly<Partial<Record<ControlName, string>>> = {
  'pause-agent': 'pause-agent',
  'resume-agent': 'return-agent',
  'kill-agent': 'kill-agent',
  'start-agent': 'return-agent',
  'renew-agent': 'renew-agent',
  'kill-master': 'kill-master',
  'start-master': 'return-master',
};

/** `faultsUrl`: where the faults can be reached while no master can. */
export const localControl = (client: WireClient, canKillMasters: boolean): Control => ({
  can: (...names) => names.every((name) => name.endsWith('-agent') || (canKillMasters && name.endsWith('-master'))),
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

/** Whoever can do it first does it. */
export const controlBy = (...controls: readonly Control[]): Control => ({
  can: (...names) => names.every((name) => controls.some((control) => control.can(name))),
  perform: async (name, target) => {
    const control = controls.find((one) => one.can(name));
    if (control === undefined) throw new Error(`${name}: nobody here can do it`);
    await control.perform(name, target);
  },
});
