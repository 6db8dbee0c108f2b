// A local cluster as a process of its own, to be asked like any other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ClusterProcess {
  /** http://host:port */
  readonly url: string;
  /** Where faults can be set while no master lives; undefined: nowhere. */
  readonly faultsUrl: string | undefined;
  /** http://host:port of each */
  readonly masters: readonly string[];
  /** Ends it with its tasks. */
  stop(): Promise<void>;
}

const START_MS = 30_000;
const STOP_MS = 5000;

interface Announced {
  readonly url: string;
  readonly faultsUrl?: string;
  readonly masters: readonly { readonly address: string }[];
}

/** The line that says where it is; undefined: it has not come yet. */
const announced = (output: string): Announced | undefined => {
  const line = output
    .split('\n')
    .slice(0, -1)
    .find((one) => one.includes('"url":"http:'));
  return line === undefined ? undefined : (JSON.parse(line) as Announced);
};

/** Starts a Node program that logs a line in JSON with its `url` and `masters` when it is ready. @throws Error with what it said when it doesn't get so far */
export async function startClusterProcess(program: string, args: readonly string[]): Promise<ClusterProcess> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  const { url, faultsUrl, masters } = await new Promise<Announced>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the cluster ${why}: ${output.slice(-2000)}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`is not ready within ${START_MS} ms`);
    }, START_MS);
    let isReady = false;
    const read = (chunk: Buffer): void => {
      // Later output is read too, so that it doesn't stand still for it.
      if (isReady) return;
      output += chunk.toString('utf8');
      const found = announced(output);
      if (found === undefined) return;
      isReady = true;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => fail('ended'));
  });
  return {
    url,
    faultsUrl,
    masters: masters.map(({ address }) => `http://${address}`),
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(timer);
    },
  };
}
