import type { Writable } from 'node:stream';
import type { ChannelModel } from 'amqplib';

/** amqplib's own name for the socket; not in its types. */
const socketOf = (model: ChannelModel): Writable | undefined => (model.connection as { stream?: Writable }).stream;

/**
 * Lets messages that are published together leave in one system call. amqplib writes each by itself, which costs more than all
 * else about a small message. Where it keeps its socket elsewhere, nothing is gathered.
 *
 * @returns what to call before each publish
 */
export const gatherWrites = (model: ChannelModel): (() => void) => {
  const socket = socketOf(model);
  if (socket === undefined || typeof socket.cork !== 'function') return () => undefined;
  let gathering = false;
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    socket.cork();
    // amqplib hands a message to the socket in the turn after its publishing
    setImmediate(() =>
      setImmediate(() => {
        gathering = false;
        socket.uncork();
      }),
    );
  };
  // what had to wait for room in the socket goes on when it drains
  socket.prependListener('drain', gather);
  return gather;
};
