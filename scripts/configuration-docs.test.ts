import { frameSettings } from '@streams-on-mesos/service';
import { expect, it } from 'vitest';
import { serviceSettings as allocationSettings } from '../allocation-service/src/settings.js';
import { settings as offerSettings } from '../offer-service/src/settings.js';
import { settings as bridgeSettings } from '../streams-bridge/src/settings.js';
import { configurationDocs } from './configuration-docs.js';

it('docs/configuration.md describes the settings as they are; `npm run docs` renews it', async () => {
  const services = {
    'offer-service': { ...frameSettings, ...offerSettings },
    'allocation-service': { ...frameSettings, ...allocationSettings },
    'streams-bridge': { ...frameSettings, ...bridgeSettings },
  };
  await expect(configurationDocs(services)).toMatchFileSnapshot('../docs/configuration.md');
});
