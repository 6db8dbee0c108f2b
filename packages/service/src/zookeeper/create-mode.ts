import { CreateMode as Flags } from 'node-zookeeper-client';
import type { CreateMode } from './session.js';

const modes = {
  persistent: Flags.PERSISTENT,
  ephemeral: Flags.EPHEMERAL,
  'persistent-sequential': Flags.PERSISTENT_SEQUENTIAL,
  'ephemeral-sequential': Flags.EPHEMERAL_SEQUENTIAL,
} as const;

export const modeNumber = (mode: CreateMode): number => modes[mode];
