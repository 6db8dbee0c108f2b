import { describe, expect, it } from 'vitest';
import { MasterAddressError, parseMasterAddress } from './master-address.js';

const secret = 's3cr%2Ft@x';

describe('parseMasterAddress', () => {
  it.each([
    ['zk://h1:2181,h2:2182/mesos', { kind: 'zookeeper', connectString: 'h1:2181,h2:2182', path: '/mesos', auth: undefined }],
    [`zk://u:${secret}@h1:2181/a/mesos/`, { kind: 'zookeeper', connectString: 'h1:2181', path: '/a/mesos', auth: 'u:s3cr/t@x' }],
    ['zk://u:p@h1:2181/a@b', { kind: 'zookeeper', connectString: 'h1:2181', path: '/a@b', auth: 'u:p' }],
    ['zk://h1:2181/a@b', { kind: 'zookeeper', connectString: 'h1:2181', path: '/a@b', auth: undefined }],
    ['zk://u:p@:%:q%zz@h1:2181/m', { kind: 'zookeeper', connectString: 'h1:2181', path: '/m', auth: 'u:p@:%:q%zz' }],
    ['zk://u%40x:%40%2F%3A%25%c3%bc@h1:2181/m', { kind: 'zookeeper', connectString: 'h1:2181', path: '/m', auth: 'u@x:@/:%ü' }],
    ['master.example:5050', { kind: 'url', url: 'http://master.example:5050' }],
    ['[::1]:5050', { kind: 'url', url: 'http://[::1]:5050' }],
    ['10.0.0.1:5050, 10.0.0.2:5050', { kind: 'list', urls: ['http://10.0.0.1:5050', 'http://10.0.0.2:5050'] }],
    ['http://m:5050/', { kind: 'url', url: 'http://m:5050' }],
    ['https://m', { kind: 'url', url: 'https://m' }],
  ])('reads %s', (text, address) => expect(parseMasterAddress(text)).toEqual(address));

  it('gives masters without a scheme the one asked for', () => {
    expect(parseMasterAddress('m:5050', 'https')).toEqual({ kind: 'url', url: 'https://m:5050' });
  });

  it.each([
    ['', /it is empty/],
    ['master', /'master' is not host:port/],
    ['m:0', /'m:0' is not host:port/],
    ['m:65536', /'m:65536' is not host:port/],
    ['m:5050,', /'' is not host:port/],
    ['zk://h:2181', /needs the path/],
    ['zk://h:2181/', /needs the path/],
    ['zk://h/mesos', /'h' is not host:port/],
    ['zk://u@h:2181/mesos', /not user:password/],
    ['zk://u%3Ax:p@h:2181/mesos', /has no colon/],
    ['zk://u:p/q@h:2181/mesos', /in a password write it %2F/],
    ['zk://u:12/q@h:2181/mesos', /in a password write it %2F/],
    ['http://m:5050/api/v1', /more than scheme, host and port/],
    ['http://m:x', /is not a URL/],
    ['ftp://m:5050', /'ftp' is no scheme/],
  ])('refuses %j', (text, message) => {
    expect(() => parseMasterAddress(text)).toThrow(MasterAddressError);
    expect(() => parseMasterAddress(text)).toThrow(message);
  });

  it.each([
    `zk://u:${secret}@h/mesos`,
    `zk://u:${secret}@h:1`,
    `zk://u:s3cr/t@x@h:2181/m`,
    `zk://u:s3cr/t@x@h`,
    `http://u:${secret}@m:x`,
    `http://u:hidden@m:5050`,
    `u:hidden@m:5050`,
  ])('shows no password of %s', (text) => {
    let message = '';
    try {
      parseMasterAddress(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^master address: /);
    expect(message).not.toMatch(/s3cr|t@x|hidden/);
  });
});
