import { describe, expect, it } from 'vitest';
import { withZooKeeper } from './with-zookeeper.js';

/** A program that asks the ZooKeeper at its argument whether it serves. */
const asks = `const [host, port] = process.argv[1].split(':');
const socket = require('node:net').connect(Number(port), host, () => socket.end('ruok'));
socket.on('error', () => process.exit(1)).on('data', (data) => process.exit(String(data) === 'imok' ? 7 : 1));`;

describe('a command with a ZooKeeper', () => {
  it('finds it at the address in its arguments, and its exit status is told', async () => {
    expect(await withZooKeeper([process.execPath, '-e', asks, '{}'], new AbortController().signal)).toBe(7);
  });

  it('finds it inside of an argument, too', async () => {
    const told = 'process.exit(/^--zk=zk:[/][/][^:]+:[0-9]+[/]mesos$/.test(process.argv[1]) ? 7 : 1)';
    expect(await withZooKeeper([process.execPath, '-e', told, '--', '--zk=zk://{}/mesos'], new AbortController().signal)).toBe(7);
  });

  it('is ended by an interruption', async () => {
    const stopping = new AbortController();
    const forEver = 'process.on("SIGTERM", () => process.exit(3)); setInterval(() => undefined, 1000);';
    const ended = withZooKeeper([process.execPath, '-e', `${forEver} process.kill(${process.pid}, 'SIGUSR2')`, '{}'], stopping.signal);
    await new Promise((resolve) => process.once('SIGUSR2', resolve));
    stopping.abort(new Error('enough'));
    expect(await ended).toBe(3);
  });
});
