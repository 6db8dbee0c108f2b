// Checks of a command task run beside it, in its sandbox (src/checks/checker_process.cpp, commandCheck).
import { startCommand } from '../command-process.js';
import { environmentVariables, executorEnvironment, type EnvironmentSource } from '../task-environment.js';
import type { UserIds } from '../users.js';
import type { CheckRuntime } from './check-command.js';

export const commandCheckRuntime = (source: EnvironmentSource, user: UserIds | undefined): CheckRuntime => {
  const { sandbox, context } = source;
  const environment = executorEnvironment(source);
  return {
    ignoresKilled: false,
    startCommand: (command) => {
      const own = environmentVariables(command);
      return startCommand({ command, sandbox, environment: { ...environment, ...own }, user, reaper: context.reaper, output: 'stderr' });
    },
  };
};
