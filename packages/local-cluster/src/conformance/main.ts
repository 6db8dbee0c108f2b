// `local-cluster conformance`: asks a Mesos master, one case after the other, whether it does as Mesos does.
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { WireClient } from '../testing/wire-client.js';
import type { ConformanceCase } from './case.js';
import { allCases } from './cases/all-cases.js';
import { readClusterFacts } from './cluster-facts.js';
import { startClusterProcess, type ClusterProcess } from './cluster-process.js';
import { authorization } from './credential.js';
import { controlBy, controlNames, hooksControl, localControl, type Control, type ControlName, type Hooks } from './control.js';
import { findLeader, standbysAmong } from './find-leader.js';
import { withOwnClusters } from './own-clusters.js';
import { describeResult, summarize } from './report.js';
import { runCases, type Result } from './runner.js';

interface Options {
  readonly master?: string;
  readonly only?: string;
  readonly list?: true;
  readonly json?: true;
  readonly user?: string;
  readonly principal?: string;
  readonly secretFile?: string;
  readonly patience: number;
  readonly faultsUrl?: string;
  readonly standby: readonly string[];
  readonly zookeeper?: string;
}

/** A cluster to be asked. */
interface Asked {
  readonly master: string;
  readonly standbys: readonly string[];
  readonly faultsUrl: string | undefined;
  /** Besides its faults or the hooks. */
  readonly control: readonly Control[];
}

/** `--hook-kill-agent` → `hookKillAgent`, as commander names it. */
const optionOf = (name: ControlName): string => `hook${name.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase())}`;

const hooksOf = (options: Options): Hooks =>
  Object.fromEntries(
    controlNames.flatMap((name) => {
      const command = (options as unknown as Record<string, unknown>)[optionOf(name)];
      return typeof command === 'string' ? [[name, command]] : [];
    }),
  );

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`must be a number of seconds above 0, and is '${text}'`);
  return value;
};

/** @throws Error naming what is missing */
const credentialOf = ({ principal, secretFile }: Options): string | undefined => {
  if (principal === undefined && secretFile === undefined) return undefined;
  if (principal === undefined || secretFile === undefined) throw new Error('--principal and --secret-file: give both or neither');
  return `${principal}:${readFileSync(secretFile, 'utf8').trimEnd()}`;
};

const write = (line: string): void => void process.stdout.write(`${line}\n`);

const list = (cases: readonly ConformanceCase[], json: boolean): void => {
  for (const { name, source, since } of cases)
    write(json ? JSON.stringify({ name, source, since }) : `${name}${since === undefined ? '' : ` (since ${since})`}\n    ${source}`);
};

const startOwn = (flags: readonly string[]): Promise<ClusterProcess> => startClusterProcess(process.argv[1] ?? '', flags);

const run = async (options: Options): Promise<void> => {
  const json = options.json === true;
  const wanted = options.only?.toLowerCase() ?? '';
  const cases = allCases.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (cases.length === 0) throw new Error(`--only: no case has '${options.only ?? ''}' in its name; --list shows all`);
  if (options.list === true) return list(cases, json);
  const results: Result[] = [];
  if (options.master !== undefined) {
    const { master, standby: standbys, faultsUrl } = options;
    results.push(...(await ask({ master, standbys, faultsUrl, control: [] }, cases, options)));
  } else
    await withOwnClusters(startOwn, cases, options.zookeeper, async ({ url, masters, faultsUrl, control }, those) => {
      results.push(...(await ask({ master: url, standbys: masters, faultsUrl, control }, those, options)));
    });
  if (!json) write(summarize(results));
  if (results.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
};

const ask = async (
  { master, standbys, faultsUrl, control: more }: Asked,
  cases: readonly ConformanceCase[],
  options: Options,
): Promise<Result[]> => {
  const json = options.json === true;
  const credential = credentialOf(options);
  const patienceMs = options.patience * 1000;
  const headers = authorization(credential);
  const url = await findLeader(master, { headers, timeoutMs: patienceMs });
  const client = new WireClient(url, 'json', { headers, timeoutMs: patienceMs });
  const faults = new WireClient(faultsUrl ?? url, 'json', { timeoutMs: patienceMs });
  try {
    const facts = await readClusterFacts(client);
    const faultsControl = facts.hasFaults ? [localControl(faults, faultsUrl !== undefined)] : [];
    const control = controlBy(...faultsControl, ...more, hooksControl(hooksOf(options)));
    const others = await standbysAmong([master, ...standbys], url, { headers, timeoutMs: patienceMs });
    const user = options.user ?? (facts.flags['root_submissions'] === 'false' ? userInfo().username : 'root');
    const masters = others.length === 0 ? '' : `${others.length + 1} masters, `;
    if (!json) write(`${url}: Mesos ${facts.version.join('.')}, ${masters}${facts.agents.length} agents; frameworks of ${user}`);
    return await runCases(cases, { url, standbys: others, credential, user, patienceMs, control }, facts, (result) =>
      write(json ? JSON.stringify(result) : describeResult(result)),
    );
  } finally {
    client.close();
    faults.close();
  }
};

const HOOK_TEXTS: Readonly<Record<ControlName, string>> = {
  'pause-agent': 'stops the process of the agent {} (a hostname), as kill -STOP does',
  'resume-agent': 'lets it go on',
  'kill-agent': 'kills the process of the agent {}, but not its tasks',
  'start-agent': 'starts it again with the same work directory',
  'renew-agent': 'starts it, after killing it if need be, as a new agent: without its <work_dir>/meta/slaves/latest',
  'kill-master': 'kills the process of the master {} (host:port)',
  'start-master': 'starts it again at the same address, if it does not run',
  'stop-zookeeper': 'has all masters lose ZooKeeper',
  'start-zookeeper': 'gives it back to them',
};

const withHooks = (command: Command): Command =>
  controlNames.reduce((result, name) => result.option(`--hook-${name} <command>`, `a shell command that ${HOOK_TEXTS[name]}`), command);

export const conformanceCommand = (): Command =>
  withHooks(new Command('conformance'))
    .description('ask a Mesos master whether it does as Mesos does; it needs room for some small tasks, and cleans up after itself')
    .option('--master <host:port>', 'the master, or another of its cluster; default: of a new local cluster')
    .option('--standby <host:port>', 'another master of the cluster; once for each', collect, [])
    .option('--zookeeper <host:port>', 'a ZooKeeper for the masters of the new local cluster; without it there is one master')
    .option('--only <text>', 'cases with this in their name')
    .option('--list', 'name the cases and what proves them, and ask nothing')
    .option('--json', 'a JSON object a line')
    .option('--user <name>', 'whom frameworks and tasks run as (default: root, unless the master refuses it)')
    .option('--principal <name>', 'for masters that want credentials')
    .option('--secret-file <file>', 'its secret, in a file')
    .option('--patience <seconds>', 'how long to wait for what must come', seconds, 15)
    .option('--faults-url <url>', 'of a local cluster: where faults can be set while no master lives')
    .action(async (options: Options) => {
      try {
        await run(options);
      } catch (error) {
        process.stderr.write(`local-cluster conformance: ${(error as Error).message}\n`);
        process.exitCode = 2;
      }
    });
