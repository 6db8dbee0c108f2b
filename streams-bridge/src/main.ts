import { once } from 'node:events';
import { runService } from '@streams-on-mesos/service';
import manifest from '../package.json' with { type: 'json' };
import { SERVICE, startBridge } from './bridge.js';
import { settings } from './settings.js';

runService({
  name: SERVICE,
  version: manifest.version,
  settings,
  run: async (context) => {
    const server = await startBridge({ ...context, version: manifest.version });
    if (!context.signal.aborted) await once(context.signal, 'abort');
    await server.close();
  },
});
