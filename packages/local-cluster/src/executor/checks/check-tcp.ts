// A check that opens a connection (src/checks/tcp_connect.cpp).
import { connect } from 'node:net';
import { formatDuration } from '../../durations/format-duration.js';

/** @throws when there was no answer at all in time */
export const checkTcp = (host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      settle();
    };
    const stop = (): void => end(() => resolve(false));
    const late = (): void => end(() => reject(new Error(`mesos-tcp-connect timed out after ${formatDuration(timeoutMs)}`)));
    const timer = Number.isFinite(timeoutMs) ? setTimeout(late, timeoutMs) : undefined;
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', () => end(() => resolve(true)));
    socket.once('error', () => end(() => resolve(false)));
  });
