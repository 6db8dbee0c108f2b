import { anyText, commonSettings, decimalNumber, setting, textLike, urlWith, wholeNumber, type ConfigOf } from '@streams-on-mesos/service';
import { z } from 'zod';

/** Runs anywhere, so that resources can be allocated where no Streams is installed. Ends at once when it is told to. */
const STAND_IN =
  'echo {displayName} of domain {domainId}: stand-in for a Streams domain controller, because START_CONTROLLER_COMMAND is not set; ' +
  "trap 'kill $!; exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

const jsonOfText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const environment = z.string().transform((text, context): Record<string, string> => {
  const parsed = z.record(z.string(), z.string()).safeParse(jsonOfText(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'a JSON object of strings, for example {"LANG":"C"}' });
  return z.NEVER;
});

const uris = z.string().transform((text) => text.split(/\s+/).filter((uri) => uri !== ''));

const wait = (kind: string, env: string, seconds: string) =>
  setting({
    env,
    description: `Seconds that ${kind} request waits for its resources; negative: until all are there`,
    schema: decimalNumber({ min: -1e6, max: 1e6 }),
    default: seconds,
  });

export const settings = {
  zookeeper: commonSettings.zookeeper,
  zookeeperSessionTimeoutSecs: commonSettings.zookeeperSessionTimeoutSecs,
  rabbitmqUrl: commonSettings.rabbitmqUrl,
  frameworkName: commonSettings.frameworkName,
  httpPort: commonSettings.httpPort,
  httpHost: commonSettings.httpHost,
  advertisedUrl: commonSettings.advertisedUrl,
  apiTokenFile: commonSettings.apiTokenFile,
  mesosUser: commonSettings.mesosUser,
  resourceType: setting({
    env: 'RESOURCE_TYPE',
    flag: '--type',
    description: 'Type under which Streams knows this resource manager; display names begin with it',
    schema: textLike(/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/, 'letters, digits, dots and dashes, at most 64, beginning with a letter or digit'),
    default: 'mesos',
  }),
  streamsDomainId: setting({
    env: 'STREAMS_DOMAIN_ID',
    flag: '--domain-id',
    description: 'The one Streams domain to serve; unset: any',
    schema: anyText(),
  }),
  streamsZkConnect: setting({
    env: 'STREAMS_ZKCONNECT',
    flag: '--streams-zkconnect',
    description: 'The ZooKeeper ensemble of the Streams domain to serve; unset: any',
    schema: anyText(),
  }),
  streamsInstallPath: setting({
    env: 'STREAMS_INSTALL_PATH',
    otherEnv: ['STREAMS_INSTALL'],
    flag: '--install-path',
    description: 'Where Streams is installed on the agents; unset: where the client has it',
    schema: anyText(),
  }),
  dcCores: setting({
    env: 'DC_CORES',
    description: 'Cores of a resource whose tags say nothing of them; 0: all that an offer has',
    schema: decimalNumber({ min: 0, max: 1e6 }),
    default: '2.0',
  }),
  dcMemory: setting({
    env: 'DC_MEMORY',
    description: 'Memory (MB) of a resource whose tags say nothing of it; 0: all that an offer has',
    schema: decimalNumber({ min: 0, max: 1e9 }),
    default: '4096',
  }),
  waitSyncSecs: wait('a SYNCHRONOUS', 'WAIT_SYNC_SECS', '30'),
  waitAsyncSecs: wait('an ASYNCHRONOUS', 'WAIT_ASYNC_SECS', '5'),
  waitFlexibleSecs: wait('a FLEXIBLE', 'WAIT_FLEXIBLE_SECS', '5'),
  maxResourcesPerRequest: setting({
    env: 'MAX_RESOURCES_PER_REQUEST',
    description: 'Resources given to one request at most; a larger count is cut to it',
    schema: wholeNumber({ min: 1, max: 10_000 }),
    default: '1000',
  }),
  requestTimeoutSecs: setting({
    env: 'REQUEST_TIMEOUT_SECS',
    description: 'Seconds allocation-service may take to answer, a change of its leader included, before the caller is told to try later',
    schema: decimalNumber({ min: 0.1, max: 600 }),
    default: '20',
  }),
  adapterUrl: setting({
    env: 'ADAPTER_URL',
    description:
      'The Streams adapter, which makes the start command of each domain controller when its host is known, and stops it before it is ' +
      'killed; unset: START_CONTROLLER_COMMAND is run, and a KILL ends it',
    schema: urlWith('http', 'https'),
  }),
  adapterTokenFile: setting({
    env: 'ADAPTER_TOKEN_FILE',
    description: 'File with the token that ADAPTER_URL asks for (Authorization: Bearer …)',
    schema: anyText(),
  }),
  startControllerCommand: setting({
    env: 'START_CONTROLLER_COMMAND',
    description:
      'Shell command line that a resource runs in the foreground, with the placeholders {resourceId} {displayName} {hostName} {domainId} ' +
      '{zkConnect} {installPath} {isMaster} {tags}, each filled in as one quoted word; unset: a stand-in that only keeps the container alive',
    schema: anyText(),
    default: STAND_IN,
  }),
  startControllerUris: setting({
    env: 'START_CONTROLLER_URIS',
    description: 'URIs, separated by blanks, to fetch and unpack into the sandbox before START_CONTROLLER_COMMAND',
    schema: uris,
    default: '',
  }),
  startControllerEnvironment: setting({
    env: 'START_CONTROLLER_ENVIRONMENT',
    description: 'Environment of START_CONTROLLER_COMMAND, a JSON object',
    schema: environment,
    default: '{}',
  }),
} as const;

export type BridgeConfig = ConfigOf<typeof settings>;
