import type { Command } from 'commander';
import type { Perform } from '../perform.js';

export const addReturnAgent = (program: Command, perform: Perform): void => {
  program
    .command('return-agent')
    .description('have nobody avoid an agent any longer on which tasks died early: it was repaired')
    .argument('<agent-id>', 'as `agents` shows it')
    .action(
      perform<object, [string]>(async ({ allocation, output, signal }, _options, id) => {
        const agent = await (await allocation()).ask('POST', `/api/v1/agents/${encodeURIComponent(id)}/return`, { signal });
        output.result(agent, () => `nobody avoids agent ${id}`);
      }),
    );
};
