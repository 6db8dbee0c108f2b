// Loaded into the program offer-service before it begins (node --expose-gc --import): what only its own process can say of its
// memory and its event loop, asked for over HTTP on 127.0.0.1:PROBE_PORT.
import { openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Nanoseconds that the thread which runs JavaScript has had a CPU: the first number (proc(5), schedstat). */
const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`);
const text = Buffer.alloc(64);
const cpuMs = () => parseInt(text.toString('latin1', 0, readSync(schedstat, text, 0, text.length, 0)), 10) / 1e6;

/** Live bytes: two collections, since what the first one finalizes goes with the second. */
const memory = async () => {
  for (let n = 0; n < 2; n++) {
    await nextTurn();
    globalThis.gc();
  }
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { rss, heapUsed, external, arrayBuffers };
};

let turns;
const watchTurns = () => {
  if (turns === undefined) return;
  const cpu = cpuMs();
  const now = performance.now();
  turns.longestCpuMs = Math.max(turns.longestCpuMs, cpu - turns.cpu);
  turns.longestMs = Math.max(turns.longestMs, now - turns.now);
  turns.cpu = cpu;
  turns.now = now;
  setImmediate(watchTurns);
};
/** The longest turns of the event loop since the last call; the loop does not rest while they are watched, so that none is missed. */
const watch = () => {
  const before = turns;
  turns = { longestCpuMs: 0, longestMs: 0, cpu: cpuMs(), now: performance.now() };
  if (before === undefined) setImmediate(watchTurns);
  return {};
};
const watched = () => {
  const { longestCpuMs = 0, longestMs = 0 } = turns ?? {};
  turns = undefined;
  return { longestCpuMs, longestMs };
};

const answers = { '/memory': memory, '/watch-turns': watch, '/turns': watched };
createServer((request, response) => {
  const answer = answers[request.url];
  if (answer === undefined) response.writeHead(404).end();
  else void Promise.resolve(answer()).then((said) => response.end(JSON.stringify(said)));
})
  .listen(Number(process.env.PROBE_PORT), '127.0.0.1')
  .unref();
