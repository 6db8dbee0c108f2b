import { readSecretFile } from '@streams-on-mesos/service';
import type { Confirm } from './confirm.js';
import { ServiceFinder } from './discovery/service-finder.js';
import { JsonApi } from './http/json-api.js';
import type { Output } from './output.js';

/** The options that stand before or after any command. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly zookeeper: string;
  readonly frameworkName: string;
  readonly allocationUrl?: string;
  readonly bridgeUrl?: string;
  readonly apiTokenFile?: string;
}

/** What a command works with. */
export interface CommandContext {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted at the end of the command and by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly confirm: Confirm;
  readonly finder: ServiceFinder;
  /** allocation-service's leader, looked up anew at each call. @throws Unavailable */
  allocation(): Promise<JsonApi>;
  /** Any streams-bridge. @throws Unavailable */
  bridge(): Promise<JsonApi>;
}

export const commandContext = (
  options: GlobalOptions,
  { output, env, signal, confirm }: Pick<CommandContext, 'output' | 'env' | 'signal' | 'confirm'>,
): CommandContext => {
  const { zookeeper, frameworkName, allocationUrl, bridgeUrl, apiTokenFile } = options;
  const finder = new ServiceFinder({ zookeeper, frameworkName, allocationUrl, bridgeUrl, signal });
  const token = apiTokenFile === undefined ? undefined : readSecretFile('API_TOKEN_FILE', apiTokenFile);
  return {
    options,
    output,
    env,
    signal,
    confirm,
    finder,
    allocation: async () => new JsonApi(await finder.allocationUrl(), token),
    bridge: async () => new JsonApi(await finder.bridgeUrl(), token),
  };
};
