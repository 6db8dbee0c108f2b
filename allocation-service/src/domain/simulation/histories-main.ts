import { runHistories, type Share } from './histories.js';

/** A worker of the simulation's test: its share as JSON in, what occurred as JSON out. */
process.stdout.write(JSON.stringify(runHistories(JSON.parse(process.argv[2] ?? '{}') as Share)));
