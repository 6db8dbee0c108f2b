import { Command, InvalidArgumentError } from 'commander';
import { recordedAddresses } from './addresses.js';
import { publishArtifacts, tarballVariables } from './artifacts.js';
import { startEnvironment } from './environment.js';
import { withZooKeeper } from './with-zookeeper.js';
import { recordedParts } from './run-record.js';
import { stopRun } from './stop-run.js';
import { runDemo } from './demo/demo.js';
import { interruption } from './interruption.js';
import { assertUnclaimed, claim, endOwner, keptRun, sweepLeftovers, type RunDirectory } from './run-directory.js';

const say = (line: string): void => void process.stdout.write(`    ${line}\n`);

const runs = (run: RunDirectory): boolean => recordedParts(run).some(({ alive }) => alive);

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`must be a whole number from 1 up, and is "${text}"`);
  return value;
};

const program = new Command('local-environment').description(
  'ZooKeeper, RabbitMQ, a local Mesos cluster and Marathon, for a laptop and for tests',
);

program
  .command('start')
  .description('start what of the environment is not running')
  .option('--agents <n>', 'Mesos agents', positive, 3)
  .action(async ({ agents }: { agents: number }) => {
    const signal = interruption();
    await sweepLeftovers();
    const run = keptRun();
    assertUnclaimed(run);
    // What runs already is not this command's to lose.
    const release = runs(run) ? () => {} : claim(run);
    const { addresses, parts } = await startEnvironment({ run, agents, wellKnownPorts: true, onProgress: say, signal }).finally(release);
    say(`Mesos     ${addresses.mesosUrl}  (${addresses.mesosMaster})`);
    say(`Marathon  ${addresses.marathonUrl}`);
    say(`RabbitMQ  ${addresses.rabbitmqUrl}`);
    say(`ZooKeeper ${addresses.zookeeper}`);
    for (const part of parts) say(`log of ${part.name}: ${part.logFile}`);
  });

program
  .command('stop')
  .description('stop all of it, and the tasks; the next start begins from nothing (the logs stay until then)')
  .action(async () => {
    const signal = interruption();
    const run = keptRun();
    await endOwner(run);
    await stopRun(run, say);
    signal.throwIfAborted();
    say('nothing of it runs any more');
  });

program
  .command('status')
  .description('which parts run')
  .action(() => {
    const parts = recordedParts(keptRun());
    if (parts.length === 0) say('nothing is started here; `make startMesos` starts it');
    for (const part of parts)
      say(`${part.name.padEnd(10)} ${part.alive ? `running, pid ${part.pid}` : 'not running'}   log ${part.logFile}`);
  });

program
  .command('env')
  .description('the addresses as shell assignments that leave alone what is set already')
  .option('--need <names>', 'variables, separated by commas, of which one must be set where nothing runs here')
  .action(({ need }: { need?: string }) => {
    const run = keptRun();
    const addresses = runs(run) ? recordedAddresses(run) : undefined;
    const names = need?.split(',') ?? [];
    if (addresses === undefined && need !== undefined && !names.some((name) => process.env[name])) {
      throw new Error(`nothing runs here: \`make startMesos\` starts it. For one that runs elsewhere say where: ${names[0]}=…`);
    }
    const variables =
      addresses === undefined
        ? tarballVariables()
        : {
            ...publishArtifacts(run),
            ZOOKEEPER: addresses.zookeeper,
            RABBITMQ_URL: addresses.rabbitmqUrl,
            MESOS_MASTER: addresses.mesosMaster,
            MARATHON_URL: addresses.marathonUrl,
            ARTIFACT_BASE: addresses.artifactBase,
          };
    for (const [name, value] of Object.entries(variables)) process.stdout.write(`: "\${${name}:=${value}}"; export ${name}\n`);
  });

program
  .command('demo')
  .description('the main job from nothing to allocated resources and back, checked at each step')
  .option('--keep', 'leave all of it running')
  .action(async ({ keep = false }: { keep?: boolean }) => {
    process.exitCode = await runDemo({ keep });
  });

program
  .command('zookeeper')
  .description('run a command with a ZooKeeper of its own; {} in its arguments, or within one of them, stands for host:port')
  .argument('<command...>')
  .action(async (command: string[]) => {
    const signal = interruption();
    await sweepLeftovers();
    process.exitCode = await withZooKeeper(command, signal);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`local-environment: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
