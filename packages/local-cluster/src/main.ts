import { CommanderError } from 'commander';
import { pino, stdTimeFunctions } from 'pino';
import { BOOLEAN_FLAGS, clusterCommand, type ClusterFlags } from './cluster/command-line/cluster-flags.js';
import { clusterOptionsOf } from './cluster/command-line/cluster-options.js';
import { respelled } from './cluster/command-line/spelling.js';
import { startErrorText } from './cluster/command-line/start-error.js';
import { startLocalCluster } from './cluster/local-cluster.js';
import { OptionError } from './cluster/options.js';
import { conformanceCommand } from './conformance/main.js';

const MISUSED = 2;

const logger = pino({
  base: { service: 'local-cluster' },
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
});

const program = clusterCommand();

const start = async (): Promise<void> => {
  const flags = program.opts<ClusterFlags>();
  const [stray] = program.args;
  if (stray !== undefined)
    program.error(
      `error: '${stray}' is no command and belongs to no option; what takes one text is named again for each: --attributes rack:a --attributes rack:b`,
    );
  try {
    const cluster = await startLocalCluster({ ...clusterOptionsOf(flags), log: (message, fields) => logger.info(fields, message) });
    const { url, faultsUrl, workDir } = cluster;
    logger.info(
      { url, masters: cluster.masters(), agents: flags.simulated ? flags.agents : cluster.agents(), faultsUrl, workDir },
      'ready',
    );
    let stopping = false;
    const stop = (): void => {
      if (stopping) process.exit(1);
      stopping = true;
      void cluster.stop().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    process.stderr.write(`local-cluster: ${startErrorText(error as Error)}\n`);
    process.exitCode = error instanceof OptionError ? MISUSED : 1;
  }
};

try {
  program.exitOverride();
  await program
    .action(start)
    .addCommand(conformanceCommand().copyInheritedSettings(program))
    .parseAsync(respelled(process.argv.slice(2), BOOLEAN_FLAGS), { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
}
