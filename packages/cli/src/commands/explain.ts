import type { Command } from 'commander';
import type { Perform } from '../perform.js';

export const addExplain = (program: Command, perform: Perform): void => {
  program
    .command('explain')
    .description('why a request waits for offers, and what would make it fit')
    .argument('<id>', 'of a request as `requests` shows it, or of a resource as `resources` does')
    .action(
      perform<object, [string]>(async ({ allocation, output, signal }, _options, id) => {
        const path = `/api/v1/requests/${encodeURIComponent(id)}/explain`;
        const explanation = await (await allocation()).ask<{ text: string[] }>('GET', path, { signal });
        output.result(explanation, () => explanation.text.join('\n'));
      }),
    );
};
