/**
 * Ctrl-C, a kill, a terminal that goes away, or a reader that does (`make demo | head`): the first aborts the signal, later ones
 * do not disturb the clearing up that follows.
 */
export const interruption = (): AbortSignal => {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      process.stderr.write(stopping.signal.aborted ? '    still stopping what was started\n' : '');
      stopping.abort(new Error(`stopped by ${name}`));
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => stopping.abort(new Error('nobody reads the output any more')));
  }
  return stopping.signal;
};
