import { InvalidArgumentError, type Command } from 'commander';
import { describeApp, isAppReady } from '../domain/app-health.js';
import { appIdOf, readAppFile, type AppDefinition } from '../marathon/app-file.js';
import { appTables } from '../marathon/app-tables.js';
import { marathonUrlOption } from '../marathon/marathon-url-option.js';
import { MarathonClient, type MarathonApp } from '../marathon/marathon-client.js';
import { decimalNumber } from '../number-argument.js';
import type { CommandContext } from '../command-context.js';
import type { Perform } from '../perform.js';
import { Failure } from '../failure.js';
import { deadlineIn, GaveUp, poll, soonOf, type Deadline } from '../retry.js';

interface MarathonOptions {
  readonly marathonUrl: string;
  readonly timeout: number;
}

interface SubmitOptions extends MarathonOptions {
  readonly artifactBase?: string;
  readonly env: Readonly<Record<string, string>>;
}

const submit = async (
  { output, signal }: CommandContext,
  marathon: MarathonClient,
  app: AppDefinition,
  deadline: Deadline,
): Promise<void> => {
  const submission = await poll(async () => ({ result: await marathon.submit(app) }), { deadline, signal, progress: output.progress });
  output.progress(`${app.id}: ${submission}`);
};

/** Marathon's apps, once it answers. @throws Failure saying what to do when it does not answer soon */
const whenMarathonAnswers = async (
  { output, signal }: CommandContext,
  marathon: MarathonClient,
  deadline: Deadline,
): Promise<MarathonApp[]> => {
  try {
    return await poll(async () => ({ result: await marathon.apps() }), { deadline: soonOf(deadline), signal, progress: output.progress });
  } catch (cause) {
    if (!(cause instanceof GaveUp)) throw cause;
    const remedy = 'MARATHON_URL or --marathon-url says where Marathon is; `make startMesos` starts a local one';
    throw new Failure(`Marathon does not answer: ${cause.message}. ${remedy}`, { cause });
  }
};

const untilReady = ({ output, signal }: CommandContext, marathon: MarathonClient, id: string, deadline: Deadline): Promise<MarathonApp> =>
  poll<MarathonApp>(
    async () => {
      const app = await marathon.app(id);
      if (app === undefined) return { notYet: `${id}: Marathon does not know it` };
      return isAppReady(app) ? { result: app } : { notYet: `${id}: ${describeApp(app)}` };
    },
    { deadline, signal, progress: output.progress },
  );

const untilGone = ({ output, signal }: CommandContext, marathon: MarathonClient, id: string, deadline: Deadline): Promise<string> =>
  poll<string>(
    async () => {
      const app = await marathon.app(id);
      const tasks = (app?.tasksRunning ?? 0) + (app?.tasksStaged ?? 0);
      const over = app === undefined || (app.instances === 0 && tasks === 0 && (app.deployments ?? []).length === 0);
      return over ? { result: id } : { notYet: `${id}: ${tasks} tasks still there` };
    },
    { deadline, signal, progress: output.progress },
  );

const withMarathon = (command: Command, env: NodeJS.ProcessEnv): Command =>
  command
    .addOption(marathonUrlOption(env).default(env['MARATHON_URL'] || 'http://localhost:8080'))
    .option('--timeout <secs>', 'how long to wait', decimalNumber(0), 180);

const assignment = (text: string, previous: Readonly<Record<string, string>>): Record<string, string> => {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('must be NAME=VALUE');
  return { ...previous, [name]: value };
};

export const addMarathon = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  const marathon = program.command('marathon').description('run the services as Marathon apps');

  withMarathon(marathon.command('submit').description('create or update apps and wait until they are healthy'), env)
    .argument('<files...>', 'JSON definitions; ${NAME} and ${NAME:-default} stand for values of the environment')
    .option('--artifact-base <uri>', 'value of ${ARTIFACT_BASE}: what the URIs of the services begin with')
    .option(
      '--env <NAME=VALUE>',
      'a value for a placeholder, seen by everyone on this machine: secrets belong in the environment',
      assignment,
      {},
    )
    .action(
      perform<SubmitOptions, [string[]]>(async (context, options, files) => {
        const base = options.artifactBase === undefined ? {} : { ARTIFACT_BASE: options.artifactBase };
        // All are read before the first is sent, so a mistake in one leaves everything as it was.
        const apps = files.map((file) => readAppFile(file, { ...context.env, ...base, ...options.env }));
        const client = new MarathonClient(options.marathonUrl, context.signal);
        const deadline = deadlineIn(options.timeout);
        await whenMarathonAnswers(context, client, deadline);
        for (const app of apps) await submit(context, client, app, deadline);
        const ready: MarathonApp[] = [];
        for (const { id } of apps) ready.push(await untilReady(context, client, id, deadline));
        context.output.result({ apps: ready }, () => appTables(ready));
      }),
    );

  withMarathon(marathon.command('stop').description('remove apps and wait until their tasks are gone'), env)
    .argument('<apps...>', 'ids, or the JSON definitions')
    .option('--scale-to-zero', 'keep the apps, without tasks', false)
    .action(
      perform<MarathonOptions & { scaleToZero: boolean }, [string[]]>(async (context, options, names) => {
        const ids = names.map(appIdOf);
        const client = new MarathonClient(options.marathonUrl, context.signal);
        const deadline = deadlineIn(options.timeout);
        const { output, signal } = context;
        await whenMarathonAnswers(context, client, deadline);
        for (const id of ids) {
          const stop = async () => ({ result: await (options.scaleToZero ? client.scaleToZero(id) : client.remove(id)) });
          await poll(stop, { deadline, signal, progress: output.progress });
        }
        for (const id of ids) await untilGone(context, client, id, deadline);
        output.result({ stopped: ids }, () => `stopped ${ids.join(', ')}`);
      }),
    );

  withMarathon(marathon.command('apps').description('the apps and their tasks'), env).action(
    perform<MarathonOptions>(async (context, options) => {
      const apps = await new MarathonClient(options.marathonUrl, context.signal).apps();
      context.output.result({ apps }, () => (apps.length === 0 ? 'no apps' : appTables(apps)));
    }),
  );
};
