import { describe, expect, it } from 'vitest';
import { schema } from '../codec/schema.js';
import { leaderAmong, masterLocation } from './master-location.js';

// As Mesos 1.12 wrote it.
const written = {
  address: { hostname: 'm1.example', ip: '127.0.0.1', port: 6150 },
  capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'FROM_THE_FUTURE' }],
  hostname: 'm1.example',
  id: '03585602',
  ip: 16777343,
  pid: 'master@127.0.0.1:6150',
  port: 6150,
  version: '1.12.0',
};
const json = (info: object) => Buffer.from(JSON.stringify(info));

describe('leaderAmong', () => {
  it('takes the lowest sequence number, whatever the label', () => {
    expect(leaderAmong(['json.info_0000000012', 'json.info_0000000007', 'log_replicas'])?.name).toBe('json.info_0000000007');
    expect(leaderAmong(['json.info_0000000012', 'info_0000000003'])?.name).toBe('info_0000000003');
    expect(leaderAmong(['json.info_0000000012', '0000000001'])?.name).toBe('0000000001');
    expect(leaderAmong(['json.info_2147483647', 'json.info_0000000100'])?.name).toBe('json.info_0000000100');
  });

  it('ignores what is no master', () => {
    expect(leaderAmong(['log_replicas', 'lock-0000000001', 'json.info_1', 'json.info_'])).toBeUndefined();
    expect(leaderAmong([])).toBeUndefined();
  });
});

describe('masterLocation', () => {
  it('takes the ip for http, and the name for https, whose certificate it is in', () => {
    expect(masterLocation('json.info_0000000000', json(written), 'http').url).toBe('http://127.0.0.1:6150');
    expect(masterLocation('json.info_0000000000', json(written), 'https').url).toBe('https://m1.example:6150');
  });

  it('gives what the master wrote', () => {
    expect(masterLocation('json.info_0000000000', json(written), 'http').masterInfo).toMatchObject({ id: '03585602', version: '1.12.0' });
  });

  it('reads the legacy ip, which is in network order', () => {
    const { address: _address, ...legacy } = written;
    expect(masterLocation('json.info_0000000000', json({ ...legacy, ip: 0x0100000a }), 'http').url).toBe('http://10.0.0.1:6150');
    expect(masterLocation('json.info_0000000000', json({ ...legacy, ip: 0xfe01a8c0 }), 'http').url).toBe('http://192.168.1.254:6150');
  });

  it('reads nodes of old masters: protobuf, and before that the pid', () => {
    const info = schema.MasterInfo.encode(schema.MasterInfo.fromObject({ id: 'old', ip: 0x0100000a, port: 5050 })).finish();
    expect(masterLocation('info_0000000000', Buffer.from(info), 'http')).toMatchObject({
      url: 'http://10.0.0.1:5050',
      masterInfo: { id: 'old' },
    });
    expect(masterLocation('0000000000', Buffer.from('master@10.0.0.2:5050'), 'http')).toEqual({ url: 'http://10.0.0.2:5050' });
  });

  it('writes an IPv6 address as a URL has it', () => {
    expect(masterLocation('json.info_0000000000', json({ ...written, address: { ip: '::1', port: 5050 } }), 'http').url).toBe(
      'http://[::1]:5050',
    );
  });

  it.each([
    ['json.info_0000000000', '{'],
    ['json.info_0000000000', '{"id":"a"}'],
    ['info_0000000000', 'text'],
    ['0000000000', 'nonsense'],
  ])('refuses %s with %j', (node, data) => {
    expect(() => masterLocation(node, Buffer.from(data), 'http')).toThrow();
  });
});
