import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultMasterSettings } from '../domain/master-settings.js';
import { newMaster } from '../domain/master-state.js';
import type { Standing } from '../leadership.js';
import { consolePage } from './console-page.js';
import { HttpServer } from './http-server.js';

const servers: HttpServer[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const pageOf = async (standing: Standing): Promise<string> => {
  const info = { id: 'm', ip: 0, port: 5050, pid: 'master@127.0.0.1:5050', hostname: '127.0.0.1' };
  const state = newMaster({ info, settings: defaultMasterSettings, seed: 1 }, 0);
  const server = await HttpServer.listen(express().use(consolePage(state, { current: () => standing })), '127.0.0.1', 0);
  servers.push(server);
  return (await fetch(`http://127.0.0.1:${server.port}/`)).text();
};

describe('the page of a master that does not lead', () => {
  it('leads to the one that does', async () => {
    const page = await pageOf({ leading: false, recovering: false, leader: '127.0.0.1:5051' });
    expect(page).toContain('master@127.0.0.1:5050 does not lead');
    expect(page).toContain('<a href="http://127.0.0.1:5051/">127.0.0.1:5051</a>');
  });

  it('says so while there is none', async () => {
    expect(await pageOf({ leading: false, recovering: false, leader: undefined })).toContain('None does at the moment.');
  });
});
