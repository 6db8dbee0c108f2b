export type * from './generated/protocol.js';
