import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Addresses } from '../addresses.js';
import { publishArtifacts } from '../artifacts.js';
import { startEnvironment, type Environment } from '../environment.js';
import { recordedParts } from '../run-record.js';
import { stopRun } from '../stop-run.js';
import { interruption } from '../interruption.js';
import { isSameProcess, processesOfRun, tailOfLog } from '../processes.js';
import { assertUnclaimed, checkout, claim, keptRun, ownRun, sweepLeftovers, type RunDirectory } from '../run-directory.js';
import { compareUntilAgreed, type Expectation } from './comparison.js';
import { printTable } from './table.js';
import { ServiceFinder } from './services.js';

const FRAMEWORK_NAME = 'streams-on-mesos';
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);

const began = Date.now();
const step = (title: string): void => {
  process.stdout.write(`\n${bold(`==> ${title}`)}  (${((Date.now() - began) / 1000).toFixed(0)} s)\n`);
};
const say = (line: string): void => void process.stdout.write(`    ${line}\n`);

/** Something is not as it should be; the demo says it and ends with 1. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

interface Stage {
  readonly environment: Environment;
  readonly addresses: Addresses;
  readonly finder: ServiceFinder;
  readonly signal: AbortSignal;
  cli(...args: string[]): Promise<void>;
}

/** Runs the command line as its user would, with its output shown. */
const runCli = (env: Record<string, string>, signal: AbortSignal, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, 'packages', 'cli', 'dist', 'main.mjs'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new DemoFailure(`streams-on-mesos ${args.slice(0, 2).join(' ')} ended with ${code}`)),
    );
  });

const check = async (stage: Stage, title: string, expected: Expectation): Promise<void> => {
  const { rows, agreed } = await compareUntilAgreed(stage, expected);
  printTable([title, 'wanted', 'services say', 'Mesos says', 'processes'], rows);
  if (!agreed) throw new DemoFailure(`${title}: the numbers above differ`);
};

const CLIENT = {
  clientId: 'demo',
  clientName: 'controller',
  domainId: 'StreamsDomain',
  zkConnect: '',
  installPath: '/opt/ibm/InfoSphere_Streams',
  installVersion: '4.3.0.0',
  isController: true,
  isStreamtool: false,
};

interface Descriptor {
  readonly nativeResourceId: string;
  readonly displayName: string;
  readonly hostName: string | null;
}

const allocateAndRelease = async (stage: Stage): Promise<void> => {
  const bridge = await stage.finder.bridge();
  const client = { ...CLIENT, zkConnect: stage.addresses.zookeeper };
  const call = async <T>(operation: string, body: object): Promise<T> => {
    const response = await fetch(`${bridge}/resourcemgr/v1/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client, locale: 'en_US', ...body }),
      signal: stage.signal,
    });
    const text = await response.text();
    if (!response.ok) throw new DemoFailure(`${operation} was answered with ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };

  step('Streams asks for 2 resources of 1 core and 512 MB (POST /resourcemgr/v1/allocateResources)');
  const tags = { names: ['small'], definitions: { small: { type: 'PROPERTIES', properties: { cores: '1', memory: '512' } } } };
  const { states } = await call<{ states: { state: string; descriptor: Descriptor }[] }>('allocateResources', {
    requestId: `demo-${began}`,
    info: { instanceId: 'StreamsInstance', count: 2, type: 'SYNCHRONOUS', tags },
  });
  printTable(
    ['display name', 'native name', 'host', 'state'],
    states.map(({ state, descriptor }) => [descriptor.displayName, descriptor.nativeResourceId, descriptor.hostName ?? '-', state]),
  );
  const notAllocated = states.filter(({ state }) => state !== 'ALLOCATED').length;
  if (states.length !== 2 || notAllocated > 0)
    throw new DemoFailure(`2 ALLOCATED resources were expected, ${states.length - notAllocated} came`);
  await check(stage, 'with 2 resources', { nodes: 1, resources: 2, services: 3 });
  await stage.cli('getresourcestate', '-l');

  step('Streams releases both (POST /resourcemgr/v1/releaseResources)');
  await call('releaseResources', { requestId: `demo-release-${began}`, descriptors: states.map(({ descriptor }) => descriptor) });
  await check(stage, 'released', { nodes: 1, resources: 0, services: 3 });
};

const scale = async (stage: Stage, nodes: number): Promise<void> => {
  step(`updateScheduler: ${nodes} node${nodes === 1 ? '' : 's'}`);
  await stage.cli(
    'config',
    'set',
    '--num-of-node',
    String(nodes),
    '--cpu-of-node',
    '0.2',
    '--mem-of-node',
    '32',
    '--wait',
    '--timeout',
    '60',
  );
  await check(stage, `scaled to ${nodes}`, { nodes, resources: 0, services: 3 });
};

/** Nothing can be right any more once a part is gone; better said at once than by a wait for what it should have done. */
const watchParts = ({ parts }: Environment, onGone: (reason: DemoFailure) => void): NodeJS.Timeout =>
  setInterval(() => {
    const gone = parts.find(({ process }) => !isSameProcess(process));
    if (gone === undefined) return;
    onGone(new DemoFailure(`${gone.name} (pid ${gone.process.pid}) has ended; the end of ${gone.logFile}:\n${tailOfLog(gone.logFile, 5)}`));
  }, 500).unref();

const play = async (run: RunDirectory, keep: boolean, failed: AbortController): Promise<void> => {
  const { signal } = failed;
  step('startMesos: ZooKeeper, RabbitMQ, a Mesos master with 3 agents, Marathon');
  const environment = await startEnvironment({ run, agents: 3, wellKnownPorts: keep, onProgress: say, signal });
  const watch = watchParts(environment, (reason) => failed.abort(reason));
  signal.addEventListener('abort', () => clearInterval(watch), { once: true });
  const { addresses } = environment;
  printTable(
    ['part', 'address', 'pid'],
    [
      ['ZooKeeper', addresses.zookeeper, environment.part('ZooKeeper').process.pid],
      ['RabbitMQ', addresses.rabbitmqUrl, environment.part('RabbitMQ').process.pid],
      ['Mesos', addresses.mesosUrl, environment.part('Mesos').process.pid],
      ['Marathon', addresses.marathonUrl, environment.part('Marathon').process.pid],
    ],
  );
  signal.throwIfAborted();

  const cliEnvironment = {
    ...publishArtifacts(run),
    FRAMEWORK_NAME,
    ZOOKEEPER: addresses.zookeeper,
    RABBITMQ_URL: addresses.rabbitmqUrl,
    MESOS_MASTER: addresses.mesosMaster,
    MARATHON_URL: addresses.marathonUrl,
    ARTIFACT_BASE: addresses.artifactBase,
    // Addresses of other services that the user's shell may know.
    ALLOCATION_URL: '',
    BRIDGE_URL: '',
    API_TOKEN_FILE: '',
  };
  const stage: Stage = {
    environment,
    addresses,
    signal,
    cli: (...args) => runCli(cliEnvironment, signal, args),
    finder: new ServiceFinder(addresses.marathonUrl, signal),
  };

  step('startScheduler: the three services, as Marathon apps');
  const apps = readdirSync(join(checkout, 'marathon', 'local')).map((file) => join(checkout, 'marathon', 'local', file));
  await stage.cli('marathon', 'submit', ...apps);
  await check(stage, 'without a config', { nodes: 0, resources: 0, services: 3 });

  await scale(stage, 5);
  await scale(stage, 1);
  await allocateAndRelease(stage);

  if (!keep) return;
  step('KEEP=1: left running');
  for (const line of [
    `Mesos      ${addresses.mesosUrl}/master/state`,
    `Marathon   ${addresses.marathonUrl}/v2/apps`,
    `allocation ${await stage.finder.allocation()}/api/v1/config/runtime`,
    `bridge     ${await stage.finder.bridge()}/resourcemgr/v1/notifications`,
    `RabbitMQ   ${addresses.rabbitmqUrl}`,
    `ZooKeeper  ${addresses.zookeeper}`,
    ...environment.parts.map((part) => `log of ${part.name}: ${part.logFile}`),
    `logs of the services: ${join(run.path, 'mesos')}/**/stdout`,
    'see it: make status      scale it: make updateScheduler NUM_OF_NODE=3      stop it: make stopMesos',
  ])
    say(line);
};

/** The whole story, each step checked. Returns the exit code. */
export const runDemo = async ({ keep }: { readonly keep: boolean }): Promise<number> => {
  const interrupted = interruption();
  await sweepLeftovers();
  const run = keep ? keptRun() : ownRun('demo');
  if (keep) assertUnclaimed(run);
  if (recordedParts(run).some(({ alive }) => alive)) {
    process.stderr.write('demo: an environment that was left running is in use: `make stopMesos` first, or `make demo` without KEEP\n');
    return 1;
  }
  // The demo counts from nothing: the data of an environment that was cut off go.
  await run.sweep();
  run.clear();
  const release = keep ? claim(run) : () => {};
  const failed = new AbortController();
  const fail = (): void => failed.abort(interrupted.reason);
  if (interrupted.aborted) fail();
  interrupted.addEventListener('abort', fail);

  let code = 0;
  try {
    await play(run, keep, failed);
    failed.signal.throwIfAborted();
  } catch (error) {
    code = 1;
    const { message } = (failed.signal.aborted ? failed.signal.reason : error) as Error;
    // Ends what is still under way.
    failed.abort(error);
    process.stdout.write(`\n${bold('demo failed')}: ${message}\n`);
  }
  if (code === 0 && keep) {
    release();
    return 0;
  }

  step(keep ? 'stopping all of it' : 'stopping all that was started');
  await stopRun(run, say);
  release();
  const left = processesOfRun(run.path).filter(({ pid }) => pid !== process.pid);
  printTable(['processes left'], [[left.length]]);
  if (left.length > 0) {
    for (const found of left) say(`${found.pid} ${found.command}`);
    code = 1;
  }
  if (code === 0) run.remove();
  else say(`logs: ${run.path}`);
  step(code === 0 ? 'demo done: every number agreed' : 'demo failed');
  return code;
};
