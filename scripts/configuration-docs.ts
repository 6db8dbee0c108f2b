import type { Setting, Settings } from '@streams-on-mesos/service';

/** Each service's settings, those of the frame included, by the service's name. */
export type ServiceSettings = Readonly<Record<string, Settings>>;

const INTRODUCTION = `<!-- Written by \`npm run docs\` from the settings in the code: change them there. -->
# Configuration

Each setting of a service is taken from the first of these that has it:

1. its flag, \`--flag value\` or \`--flag=value\`; the last one wins,
2. its environment variable,
3. the properties file,
4. its default.

Up to 0.5 the properties file won over the environment. Where the two differ, the environment now wins, and the service logs a
warning that names both. An empty variable or property counts as unset. What can't be understood ends the service with exit
code 2 and a message with key, value and what is accepted. Settings named here with several names take the first that is set.
\`--help\` of each service prints the same.

The properties file is the one that \`--properties\` or \`STREAMS_MESOS_PROPERTIES\` names, else \`./streams-mesos.properties\` if
there is one. It has Java's syntax: \`key = value\`, \`key: value\` or \`key value\`; comments begin with \`#\` or \`!\`; a backslash at
the end of a line continues it, elsewhere it escapes (\`\\t\`, \`\\n\`, \`\\u20ac\`); the last value of a key wins. Keys that no
setting has are ignored, so that the services can share a file.

\`\`\`properties
# streams-mesos.properties
MESOS_MASTER=zk://zk1:2181,zk2:2181/mesos
ZOOKEEPER=zk1:2181,zk2:2181
RABBITMQ_URL=amqp://broker:5672
\`\`\`

Secrets belong into files (\`…_FILE\`) or the environment, not into flags, which everybody on the machine can read.
`;

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const names = (first: string, others: readonly string[]): string => [first, ...others].map(code).join(', ');

/** What a value may be, in the words that refuse a wrong one. No setting but free text accepts a lone blank. */
const accepted = (setting: Setting<unknown>): string | undefined => {
  const parsed = setting.schema.safeParse(' ');
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
};

const fallback = ({ default: text, required }: Setting<unknown>): string => {
  if (required) return '*required*';
  return text === undefined || text === '' ? '*unset*' : code(text);
};

const meaning = (setting: Setting<unknown>): string => {
  const values = accepted(setting);
  return `${setting.description}${values === undefined ? '' : ` (${values})`}`.replaceAll('|', '\\|');
};

const row = (setting: Setting<unknown>): string =>
  `| ${names(setting.env, setting.otherEnv)} | ${names(setting.flag, setting.otherFlags)} | ` +
  `${names(setting.property, setting.otherProperties)} | ${fallback(setting)} | ${meaning(setting)} |`;

const section = (title: string, settings: readonly Setting<unknown>[]): string =>
  `\n## ${title}\n\n| environment | flag | property | default | meaning |\n|---|---|---|---|---|\n${settings.map(row).join('\n')}\n`;

/** docs/configuration.md: what all services have, then what each has besides. */
export const configurationDocs = (services: ServiceSettings): string => {
  const all = Object.values(services).map((settings) => Object.values(settings));
  const shared = (all[0] ?? []).filter((setting) => all.every((settings) => settings.includes(setting)));
  const own = Object.entries(services).map(([name, settings]) =>
    section(
      name,
      Object.values(settings).filter((setting) => !shared.includes(setting)),
    ),
  );
  return [INTRODUCTION, section('Every service', shared), ...own].join('');
};
