import { fault, type Mutant } from './mutant.js';

export const fairnessMutants: readonly Mutant[] = [
  fault(
    'master/domain/allocator/sorter.ts',
    'left.share - right.share || left.count - right.count',
    'right.share - left.share || right.count - left.count',
    'of two frameworks of a role the one that holds less is offered what comes free',
  ),
  fault('master/domain/allocator/sorter.ts', `client.split('/').reduce(`, `[client].reduce(`, 'roles are served by level*'),
];
