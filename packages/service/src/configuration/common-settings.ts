import { setting } from './setting.js';
import { anyText, listOf, oneOf, textLike, truth, urlWith, wholeNumber } from './setting-values.js';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const hostPort = String.raw`(\[[0-9a-fA-F:.]+\]|[^\s:/,@]+):\d{1,5}`;
const servers = `${hostPort}(,${hostPort})*`;
/** What `parseMasterAddress` of packages/mesos takes; a password may hold `@` and `:`, and anything percent-encoded. */
const masterAddress = new RegExp(String.raw`^(zk://([^\s/:]+:[^\s/]+@)?${servers}/\S+|${hostPort}(, *${hostPort})*|https?://[^\s/]+/?)$`);
const zookeeperServers = new RegExp(String.raw`^[^\s:/,@]+(:\d{1,5})?(,[^\s:/,@]+(:\d{1,5})?)*(/[^\s]*[^\s/])?$`);
const role = /^(?!\.{1,2}$)(?!-)[^\s/,]+(\/[^\s/,]+)*$/;
const A_ROLE = "a Mesos role: no blanks or commas, not beginning with '-', parts separated by single slashes";

/** Settings that mean the same in every service; a service picks those it needs. */
export const commonSettings = {
  mesosMaster: setting({
    env: 'MESOS_MASTER',
    flag: '--master',
    otherFlags: ['--mesos-master'],
    description: 'The Mesos master: its ZooKeeper path or its own address',
    schema: textLike(masterAddress, 'zk://host:port[,host:port]/path, host:port[,host:port] or http(s)://host:port'),
    default: 'zk://localhost:2181/mesos',
    secret: true,
  }),
  mesosPrincipal: setting({
    env: 'MESOS_PRINCIPAL',
    description: 'Principal to authenticate with at the Mesos master',
    // Basic authentication takes all behind a colon for the secret (RFC 7617, section 2)
    schema: textLike(/^[^:]*$/, 'text without ":"'),
  }),
  mesosSecretFile: setting({
    env: 'MESOS_SECRET_FILE',
    description: 'File with the secret of MESOS_PRINCIPAL; a line break at its end is not part of it',
    schema: anyText(),
  }),
  mesosCaFile: setting({
    env: 'MESOS_CA_FILE',
    description: 'PEM file with the authorities whose certificates a master may show; with it, masters found without a scheme speak https',
    schema: anyText(),
  }),
  mesosCertFile: setting({
    env: 'MESOS_CERT_FILE',
    description: 'PEM file with the certificate to show to masters that ask for one; as MESOS_CA_FILE',
    schema: anyText(),
  }),
  mesosKeyFile: setting({ env: 'MESOS_KEY_FILE', description: 'PEM file with the key of MESOS_CERT_FILE', schema: anyText() }),
  mesosRole: setting({
    env: 'MESOS_ROLE',
    description: 'Role whose offers are asked for',
    schema: textLike(role, A_ROLE),
    default: '*',
  }),
  mesosRoles: setting({
    env: 'MESOS_ROLE',
    description: 'Role whose offers are asked for, or several separated by commas: the first is for requests that name none',
    schema: listOf(role, A_ROLE),
    default: '*',
  }),
  mesosUser: setting({ env: 'MESOS_USER', description: 'User the tasks run as; unset: the user this service runs as', schema: anyText() }),
  mesosEncoding: setting({
    env: 'MESOS_ENCODING',
    description: 'What the scheduler API is spoken in',
    schema: oneOf('protobuf', 'json'),
    default: 'protobuf',
  }),
  zookeeper: setting({
    env: 'ZOOKEEPER',
    otherEnv: ['STREAMS_ZKCONNECT'],
    otherFlags: ['--zkconnect'],
    otherProperties: ['STREAMS_ZKCONNECT'],
    description: 'ZooKeeper servers for the state of these services, with an optional path to keep it under',
    schema: textLike(zookeeperServers, 'host:port[,host:port][/path]'),
    default: 'localhost:2181',
  }),
  zookeeperSessionTimeoutSecs: setting({
    env: 'ZOOKEEPER_SESSION_TIMEOUT_SECS',
    description: 'Seconds without contact after which a leader is replaced',
    schema: wholeNumber({ min: 2, max: 300 }),
    default: '10',
  }),
  rabbitmqUrl: setting({
    env: 'RABBITMQ_URL',
    description: 'The RabbitMQ broker (a password in it is better given by the environment than by the flag)',
    schema: urlWith('amqp', 'amqps'),
    default: 'amqp://localhost:5672',
    secret: true,
  }),
  frameworkName: setting({
    env: 'FRAMEWORK_NAME',
    otherProperties: ['MESOS_FRAMEWORK_NAME'],
    description: 'Name of the Mesos framework; services with the same one work together',
    schema: textLike(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
      'letters, digits, dots, dashes and underscores, at most 100, beginning with a letter or digit',
    ),
    default: 'streams-on-mesos',
  }),
  httpPort: setting({
    env: 'HTTP_PORT',
    otherEnv: ['PORT0'],
    description: 'Port of the HTTP server; 0: a free one',
    schema: wholeNumber({ min: 0, max: 65535 }),
    default: '0',
  }),
  httpHost: setting({
    env: 'HTTP_HOST',
    description: 'Address the HTTP server listens on; beyond loopback API_TOKEN_FILE is required',
    schema: textLike(/^[^\s/]+$/, 'a host name or an IP address'),
    default: '127.0.0.1',
  }),
  advertisedUrl: setting({
    env: 'ADVERTISED_URL',
    description: 'URL under which others reach the HTTP server; unset: made of HTTP_HOST and the port',
    schema: urlWith('http', 'https'),
  }),
  apiTokenFile: setting({
    env: 'API_TOKEN_FILE',
    description: 'File with the token that /api and /resourcemgr ask for (Authorization: Bearer …)',
    schema: anyText(),
  }),
  logLevel: setting({ env: 'LOG_LEVEL', description: 'Least severe level that is logged', schema: oneOf(...logLevels), default: 'info' }),
  logLevelMesos: setting({
    env: 'LOG_LEVEL_MESOS',
    description: 'LOG_LEVEL for what concerns the connection to Mesos',
    schema: oneOf(...logLevels),
  }),
  logLevelAmqp: setting({
    env: 'LOG_LEVEL_AMQP',
    description: 'LOG_LEVEL for what concerns the connection to RabbitMQ',
    schema: oneOf(...logLevels),
  }),
  logLevelZookeeper: setting({
    env: 'LOG_LEVEL_ZOOKEEPER',
    description: 'LOG_LEVEL for what concerns the connection to ZooKeeper',
    schema: oneOf(...logLevels),
  }),
  mesosQuiet: setting({
    env: 'MESOS_QUIET',
    description: 'Log nothing about the connection to Mesos',
    schema: truth(),
    default: 'false',
    toggle: true,
  }),
  mesosLoggingLevel: setting({
    env: 'MESOS_LOGGING_LEVEL',
    description: 'LOG_LEVEL_MESOS in the words of Mesos',
    schema: oneOf('INFO', 'WARNING', 'ERROR'),
  }),
  waitAllocatedSecs: setting({
    env: 'WAIT_ALLOCATED_SECS',
    description: 'Seconds a task must have been running and ready before its resource is reported allocated',
    schema: wholeNumber({ min: 0, max: 86_400 }),
    default: '2',
  }),
  properties: setting({
    env: 'STREAMS_MESOS_PROPERTIES',
    flag: '--properties',
    description: 'Properties file; unset: ./streams-mesos.properties if there is one',
    schema: anyText(),
  }),
} as const;
