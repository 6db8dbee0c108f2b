import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Message } from './messages.js';
import { Network, type Pid } from './network.js';

const ping: Message = { type: 'ping', connected: true };
const pong: Message = { type: 'pong', agentId: 'S0' };

const newNetwork = (...pids: Pid[]) => {
  const network = new Network();
  const heard: string[] = [];
  for (const pid of pids)
    network.start(pid, {
      receive: (from, { type }) => heard.push(`${pid} ${type} of ${from}`),
      exited: (peer) => heard.push(`${pid}: ${peer} exited`),
    });
  return { network, heard };
};
/** Longer than any message takes. */
const arrived = (): Promise<void> => delay(5);

describe('the network', () => {
  it('delivers in order, never within the turn of the sender', async () => {
    const { network, heard } = newNetwork('a', 'b');
    network.send('a', 'b', ping);
    network.send('a', 'b', pong);
    expect(heard).toEqual([]);
    await arrived();
    expect(heard).toEqual(['b ping of a', 'b pong of a']);
  });

  it('tells who linked to a process of its end, also when it was none', async () => {
    const { network, heard } = newNetwork('a', 'b', 'c');
    network.link('a', 'b');
    network.link('a', 'nobody');
    network.stop('b');
    await arrived();
    expect(heard).toEqual(['a: nobody exited', 'a: b exited']);
  });

  it('a partition lets nothing pass and tells nobody; healed, a connection that lost something is broken', async () => {
    const { network, heard } = newNetwork('a', 'b', 'c');
    network.link('a', 'b');
    network.partition('b');
    network.send('a', 'b', ping);
    network.send('a', 'c', ping);
    await arrived();
    expect(heard).toEqual(['c ping of a']);
    expect(network.heal('b')).toBe(true);
    network.send('b', 'a', pong);
    await arrived();
    expect(heard.slice(1).sort()).toEqual(['a pong of b', 'a: b exited', 'b: a exited']);
    expect(heard.indexOf('a: b exited')).toBeLessThan(heard.indexOf('a pong of b'));
    expect(network.heal('b')).toBe(false);
  });

  it('a partition in which nothing was said leaves no trace', async () => {
    const { network, heard } = newNetwork('a', 'b');
    network.link('a', 'b');
    network.partition('b');
    await arrived();
    network.heal('b');
    await arrived();
    expect(heard).toEqual([]);
  });

  it('the end of a process behind a partition is told when that is healed', async () => {
    const { network, heard } = newNetwork('a', 'b');
    network.link('a', 'b');
    network.partition('b');
    network.stop('b');
    await arrived();
    expect(heard).toEqual([]);
    network.heal('b');
    await arrived();
    expect(heard).toEqual(['a: b exited']);
  });

  it('a process that is paused hears everything when it goes on', async () => {
    const { network, heard } = newNetwork('a', 'b');
    network.pause('b');
    network.send('a', 'b', ping);
    network.send('a', 'b', pong);
    await arrived();
    expect(heard).toEqual([]);
    network.resume('b');
    await arrived();
    expect(heard).toEqual(['b ping of a', 'b pong of a']);
  });

  it('holds, drops, doubles or delays what one process sends of a kind', async () => {
    const { network, heard } = newNetwork('a', 'b');
    network.disturb('a', 'ping', { type: 'hold' });
    network.send('a', 'b', ping);
    network.send('a', 'b', pong);
    await arrived();
    expect(heard.splice(0)).toEqual(['b pong of a']);
    expect(network.mend('a', 'ping')).toBe(true);
    expect(network.mend('a')).toBe(false);
    await arrived();
    expect(heard.splice(0)).toEqual(['b ping of a']);

    network.disturb('a', 'ping', { type: 'drop' });
    network.disturb('a', '*', { type: 'double' });
    network.send('a', 'b', ping);
    network.send('a', 'b', pong);
    await arrived();
    expect(heard.splice(0)).toEqual(['b pong of a', 'b pong of a']);
    network.mend('a');

    network.disturb('a', '*', { type: 'delay', ms: 20 });
    network.send('a', 'b', ping);
    network.send('a', 'b', pong);
    await arrived();
    expect(heard).toEqual([]);
    await expect.poll(() => heard).toEqual(['b ping of a', 'b pong of a']);
  });
});
