import type { FrameworkInfo } from '@streams-on-mesos/mesos';
import { commonSettings } from '@streams-on-mesos/service';
import { InvalidArgumentError, type Command } from 'commander';
import { userInfo } from 'node:os';
import { DURATION_FORM, parseDuration } from '../domain/duration.js';
import type { ExecutionPlan } from '../domain/execute/execution-plan.js';
import { planFromOptions, type PlanOptions } from '../execute/plan-from-options.js';
import { runExecution } from '../execute/run-execution.js';
import { addMasterOptions, masterAccess, type MasterOptions } from '../master/master-options.js';
import type { Perform } from '../perform.js';
import { settingOption } from '../setting-option.js';

interface ExecuteOptions extends PlanOptions, MasterOptions {
  readonly user?: string;
  readonly encoding: 'protobuf' | 'json';
  readonly checkpoint: boolean;
  readonly frameworkCapabilities?: readonly 'GPU_RESOURCES'[];
}

/** Long enough for a master's failover; short enough that a run that was killed with -9 leaves nothing for long. */
const FAILOVER_TIMEOUT_SECONDS = 60;
const CAPABILITIES = ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'RESERVATION_REFINEMENT'] as const;

const duration = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError(`must be ${DURATION_FORM}`);
  return ms;
};

/** As with mesos-execute, all others are there or make no sense. */
const optionalCapabilities = (text: string): readonly string[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name !== 'GPU_RESOURCES'))
    throw new InvalidArgumentError('must be GPU_RESOURCES; all others that matter are set');
  return names;
};

const frameworkInfoOf = (options: ExecuteOptions, { tasks, role }: ExecutionPlan): FrameworkInfo => ({
  name: `streams-on-mesos execute ${tasks.map(({ name }) => name).join(', ')}`,
  user: options.user ?? userInfo().username,
  roles: [role],
  checkpoint: options.checkpoint,
  failover_timeout: FAILOVER_TIMEOUT_SECONDS,
  ...(options.principal !== undefined && { principal: options.principal }),
  capabilities: [...CAPABILITIES, ...(options.frameworkCapabilities ?? [])].map((type) => ({ type })),
});

export const addExecute = (program: Command, perform: Perform, env: NodeJS.ProcessEnv): void => {
  const { mesosRole, mesosUser, mesosEncoding } = commonSettings;
  const command = program
    .command('execute')
    .description(
      'run a command, a task or a task group once on Mesos, and say how it goes, as mesos-execute does: 0 when it finished, else 1; ' +
        'interrupted, it kills what it started; its framework is removed at the end',
    )
    .option('--name <name>', 'of the task, and its id')
    .option('--command <command>', 'a shell command; with --no-shell a program')
    .argument('[args...]', "the program's arguments, with --no-shell")
    .option('--no-shell', 'start the program itself, without a shell')
    .option('--shell', 'run the command by a shell', true)
    .option('--env <json>', 'environment of the command: {"NAME": "value"}, or the path of a file with that')
    .option('--resources <text>', 'what it gets, in the syntax of Mesos', 'cpus:1;mem:128')
    .option('--task <json>', 'a TaskInfo, or the path of a file with one, instead of --name and --command')
    .option('--task-group <json>', 'a TaskGroupInfo, or the path of a file with one: tasks that run together by the default executor')
    .addOption(settingOption(mesosRole, env, '--role'))
    .addOption(settingOption(mesosUser, env, '--user'))
    .addOption(settingOption(mesosEncoding, env, '--encoding'))
    .option('--checkpoint', 'the task outlives a restart of its agent', false)
    .option('--framework-capabilities <list>', 'GPU_RESOURCES, to be offered agents that have GPUs', optionalCapabilities)
    .option('--kill-after <duration>', 'kill it when it has run that long (a number of seconds, or 90secs, 5mins, 1hrs …)', duration)
    .option('--timeout <duration>', 'give up, and kill it, when all of it takes longer', duration);
  addMasterOptions(command, env).action(
    perform<ExecuteOptions, [string[]]>(async ({ output, signal }, options, args) => {
      const plan = planFromOptions(options, args);
      const { encoding } = options;
      const client = { ...masterAccess(options), encoding, frameworkInfo: frameworkInfoOf(options, plan) };
      await runExecution({ plan, client, output, signal });
    }),
  );
};
