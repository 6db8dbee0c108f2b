import { fault, type Mutant } from './mutant.js';

const executor = 'executor/command-executor.ts';
const stream = 'agent/update-stream.ts';
const reconcile = 'master/domain/reconcile.ts';
const calls = 'master/domain/task-calls.ts';
const environment = 'executor/task-environment.ts';
const fetcher = 'executor/fetcher/fetcher.ts';
const command = 'executor/command-process.ts';
const timing = 'executor/kill-timing.ts';

export const taskMutants: readonly Mutant[] = [
  fault(
    'executor/container.ts',
    `signal.aborted ? 'terminated with signal Killed'`,
    `signal.aborted ? 'timed out'`,
    'a task whose URIs are not there within --executor_registration_timeout*',
  ),
  fault(executor, `    this.report('TASK_STARTING');\n`, ``, 'a command that succeeds: STARTING, RUNNING, FINISHED'),
  fault(
    'executor/exit-message.ts',
    '`Command exited with status ${code ?? 1}`',
    '`Command ended with status ${code ?? 1}`',
    'a command that fails: TASK_FAILED with its exit status',
    'a command that is not there: TASK_FAILED, 127',
  ),
  fault('executor/exit-message.ts', `SIGKILL: 'Killed'`, `SIGKILL: 'SIGKILL'`, 'a command that a signal ends: TASK_FAILED with the signal'),
  fault(
    stream,
    `send: stream.pending.length === 0 ? status : undefined`,
    `send: status`,
    'the next status comes only when the one before is acknowledged',
  ),
  fault(stream, `minMs: 10_000`, `minMs: 30_000`, 'a status that is not acknowledged comes again after 10 seconds*'),
  fault(
    stream,
    `if (out === undefined || out.uuid !== uuid) return undefined;`,
    `if (out === undefined) return undefined;`,
    'a second acknowledgement of the same status does no harm',
    'an acknowledgement with another uuid acknowledges nothing',
  ),
  fault(
    calls,
    `isTerminal(task.statusUpdateState) && task.statusUpdateUuid === call.uuid`,
    `false`,
    'an ended task stays until its end is acknowledged',
    'a task id can be used again after the end of the task is acknowledged',
    'KILL of a task that has ended is answered TASK_GONE',
    'a task that has ended is among the completed ones of its framework',
  ),
  fault(executor, `if (knowsKilling && by`, `if (by`, 'a framework without TASK_KILLING_STATE is not told of KILLING'),

  fault(
    reconcile,
    `'Reconciliation: Latest task state'`,
    `'Latest task state'`,
    'reconciliation of a running task: its state, without uuid',
  ),
  fault(
    reconcile,
    `master.agents.has(agentId)`,
    `false`,
    'reconciliation of a task that the agent does not know: TASK_GONE',
    `another framework's task is unknown`,
  ),
  fault(
    reconcile,
    `'TASK_UNKNOWN'`,
    `'TASK_GONE'`,
    'reconciliation of an unknown task without agent: TASK_UNKNOWN',
    'reconciliation of a task on an unknown agent: TASK_UNKNOWN',
    'KILL of an unknown task is answered like its reconciliation',
  ),
  fault(
    reconcile,
    `[...framework.tasks.values()].map(`,
    `[...framework.tasks.values()].slice(1).map(`,
    'reconciliation of nothing in particular tells of all tasks that live',
  ),
  fault(
    reconcile,
    `? [...framework.tasks.values()].map((task) => latestStatus(task, turn.now))`,
    `? [explicitStatus(master, framework, { task_id: { value: 'nothing' } }, turn.now)]`,
    'reconciliation of nothing in particular without tasks tells nothing',
  ),
  fault(reconcile, `: asked.map(`, `: asked.slice(0, 1).map(`, 'reconciliation of several tasks answers each'),
  fault(
    reconcile,
    `const task = framework.tasks.get(taskId);`,
    `const found = framework.tasks.get(taskId);\n  const task = agentId === undefined || found?.agentId === agentId ? found : undefined;`,
    'reconciliation with the wrong agent still finds the task',
  ),

  fault(executor, `this.report('TASK_KILLING')`, `void 0`, 'KILL: KILLING, then KILLED by SIGTERM'),
  fault(
    executor,
    `else if (this.killedBy !== undefined) this.report`,
    `else if (this.killedBy !== undefined && exit.code !== 0) this.report`,
    'a task that ends well upon SIGTERM is KILLED all the same',
  ),
  fault(
    executor,
    `graceMs(policy) ?? graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);\n  }\n\n  message`,
    `graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);\n  }\n\n  message`,
    'a task that ignores SIGTERM is killed when the grace period of KILL is over',
  ),
  fault(
    executor,
    `graceMs(policy) ?? graceMs(this.task.kill_policy) ?? DEFAULT_KILL_GRACE_MS);\n  }\n\n  message`,
    `graceMs(policy) ?? DEFAULT_KILL_GRACE_MS);\n  }\n\n  message`,
    `the task's own kill policy holds when KILL has none`,
  ),
  fault(timing, `DEFAULT_KILL_GRACE_MS = 3000`, `DEFAULT_KILL_GRACE_MS = 1000`, 'without any kill policy the grace period is 3 seconds'),
  fault(
    timing,
    `if (this.startedAt + grace >= this.at) return;`,
    `if (this.at !== Infinity) return;`,
    'a second KILL shortens the grace period',
  ),
  fault(
    'executor/process-tree.ts',
    `  send(-pid, signal);\n`,
    `  send(signal === 'SIGTERM' ? pid : -pid, signal);\n`,
    'SIGTERM reaches what the command started',
  ),
  fault(calls, `call.agent_id.value !== task.agentId) return;`, `false) return;`, 'KILL with the wrong agent kills nothing'),
  fault(
    executor,
    `reason: 'REASON_MAX_COMPLETION_TIME_REACHED'`,
    `reason: 'REASON_COMMAND_EXECUTOR_FAILED'`,
    'max_completion_time over: TASK_FAILED, REASON_MAX_COMPLETION_TIME_REACHED',
  ),

  fault(
    environment,
    `MESOS_SLAVE_ID: context.agentId`,
    `MESOS_AGENT_ID: context.agentId`,
    'a command finds in its environment what belongs to it',
  ),
  fault(environment, `checkpoint ? '1' : '0'`, `'1'`, 'a framework without checkpoint: MESOS_CHECKPOINT is 0, no recovery timeout'),
  fault(
    command,
    `cwd: sandbox`,
    `cwd: '/tmp'`,
    'a command starts in its sandbox, with stdout and stderr beside it',
    'tasks of one framework have sandboxes of their own',
    'a URI is fetched into the sandbox under the last part of its path',
  ),
  fault(
    environment,
    `    ...environmentVariables(task.command ?? {}),\n  };`,
    `  };`,
    'the variables of the command are set, and win over those of the agent',
  ),
  fault(environment, `MESOS_ALLOCATION_ROLE: source.role`, `MESOS_ROLE: source.role`, 'MESOS_ALLOCATION_ROLE is the role of the offer'),
  fault(command, `shell ? { file: '/bin/sh'`, `shell ? { file: '/bin/false'`, 'shell: the command is for sh'),
  fault(
    command,
    `argv0: argv[0] ?? value, args: argv.slice(1)`,
    `argv0: value, args: argv`,
    'no shell: the program gets its arguments as they are, argv[0] too',
  ),
  fault(command, `['ignore', stdout.fd,`, `['pipe', stdout.fd,`, 'the standard input is empty'),
  fault(fetcher, `uri.output_file ?? uriBaseName`, `uriBaseName`, 'output_file says where'),
  fault(
    fetcher,
    `  await download(uri.value.trimStart(), destination, signal);\n  if (uri.executable === true) await chmod(destination, 0o755);`,
    `  await download(uri.value.trimStart(), destination, signal);\n  await chmod(destination, uri.executable === true ? 0o644 : 0o755);\n  if (uri.executable === true) return;`,
    'executable makes the file so',
    'without executable it is not',
  ),
  fault(
    'executor/container.ts',
    `reason: 'REASON_CONTAINER_LAUNCH_FAILED'`,
    `reason: 'REASON_EXECUTOR_TERMINATED'`,
    'a URI that can not be fetched: TASK_FAILED, REASON_CONTAINER_LAUNCH_FAILED',
  ),
  fault(
    fetcher,
    `else if (uri.extract !== false) await extract`,
    `else if (uri.extract === false) await extract`,
    'an archive is unpacked*',
  ),
  fault(
    executor,
    `user: this.task.command?.user ?? this.framework.user`,
    `user: this.framework.user`,
    'a command runs as the user that it names',
  ),
];
