import { afterEach, expect } from 'vitest';
import { SchedulerClient } from '../scheduler-client.js';
import type { SchedulerClientSettings } from '../scheduler-client-settings.js';
import type { SchedulerNotice } from '../scheduler-notice.js';
import { ScriptedMaster } from './scripted-master.js';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A master that ends with the test. */
export const startMaster = async (encoding: 'json' | 'protobuf' = 'protobuf') => {
  const master = await ScriptedMaster.start(encoding);
  cleanUps.push(() => master.stop());
  return master;
};

/** A client whose notices the test takes one after the other. */
export const startClient = (master: string, settings: Partial<SchedulerClientSettings> = {}) => {
  const logs: string[] = [];
  const client = new SchedulerClient({
    master,
    frameworkInfo: { user: 'nobody', name: 'test', roles: ['test'], capabilities: [{ type: 'MULTI_ROLE' }] },
    backoff: { firstMs: 2, maxMs: 20 },
    log: (level, message, fields) => logs.push(`${level} ${message} ${JSON.stringify(fields)}`),
    ...settings,
  });
  const abort = new AbortController();
  const notices = client.subscribe({ signal: abort.signal })[Symbol.asyncIterator]();
  cleanUps.push(() => abort.abort());
  return {
    client,
    abort,
    logs,
    next: async (): Promise<SchedulerNotice | 'end'> => {
      const { done, value } = await notices.next();
      return done === true ? 'end' : value;
    },
  };
};

/** For comparing sequences. */
export const kindOf = (notice: SchedulerNotice | 'end') => (notice === 'end' ? 'end' : notice.kind);

/** A client that is subscribed, and the master that it is subscribed at. */
export const subscribed = async (settings: Partial<SchedulerClientSettings> = {}) => {
  const master = await startMaster(settings.encoding);
  const started = startClient(master.host, settings);
  const first = started.next();
  const subscription = await master.subscribes.next();
  subscription.accept();
  expect(kindOf(await first)).toBe('subscribed');
  return { ...started, master, subscription };
};
