import { inject, it } from 'vitest';
import type { StackOptions } from './stack.js';

/** Both encodings and both ways of finding the master, in two stacks instead of four. */
export const variants: readonly (StackOptions & { readonly label: string })[] = [
  { label: 'protobuf, master through ZooKeeper', encoding: 'protobuf', master: 'zookeeper' },
  { label: 'JSON, master by host:port', encoding: 'json', master: 'address' },
];

/** A case that breaks something on purpose: with a Mesos that was there already it is listed as not run. */
export const faultCase = it.runIf(!inject('externalMesos'));
