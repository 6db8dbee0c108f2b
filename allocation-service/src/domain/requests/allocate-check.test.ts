import type { Allocate, Workload } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../settings.js';
import { allocateBody } from '../testing/builders.js';
import { allocateFault } from './allocate-check.js';

const NOW = 1_000_000;
const settings = { ...defaultSettings, roles: ['streams', 'batch'] };
const check = (more: Partial<Allocate>) => allocateFault(allocateBody(more), settings, NOW);
const each = (more: Partial<Allocate['each']>): Partial<Allocate> => ({ each: { cpus: 1, mem: 32, ...more } });
const run = (more: Partial<Workload>): Partial<Allocate> => ({ workload: { command: 'x', ...more } });
const constraint = (
  field: string,
  operator: 'UNIQUE' | 'LIKE' | 'UNLIKE' | 'MAX_PER' | 'IS' | 'GROUP_BY' | 'CLUSTER' | 'UNKNOWN',
  value?: string,
) => ({
  constraints: [{ field, operator, ...(value === undefined ? {} : { value }) }],
});
const docker = { type: 'DOCKER', docker: { image: 'a' } } as const;

describe('a request is taken', () => {
  it.each<[string, Partial<Allocate>]>([
    [
      'with every quantity',
      each({
        disk: 0.5,
        gpus: 2,
        ports: 3,
        port_ranges: [
          { begin: 1, end: 1 },
          { begin: 80, end: 65_535 },
        ],
      }),
    ],
    ['with the role, a priority and a time', { role: 'batch', priority: -5, place_by_ms: NOW + 1, alone_on_agent: true, revocable: true }],
    [
      'with constraints',
      {
        constraints: [
          { field: '@zone', operator: 'GROUP_BY' },
          { field: 'rack', operator: 'LIKE', value: 'r[0-9]+' },
        ],
      },
    ],
    [
      'with licences',
      {
        licences: [
          { name: 'a', count: 1 },
          { name: 'b.c-d_e', count: 100 },
        ],
      },
    ],
    ['with a deferred workload and a stop hook', { workload: { command: '', deferred: true, stop_hook: true } }],
    ['with a container', run({ container: { ...docker, volumes: [{ container_path: '/a', host_path: '/b', mode: 'RW' }] } })],
    ['with a check', run({ check: { type: 'HTTP', http: { port: 80, path: '/' } }, health_check: { type: 'TCP', tcp: { port: 1 } } })],
  ])('%s', (_what, body) => {
    expect(check(body)).toBeUndefined();
  });
});

describe('a request is refused, naming the field, its value and the remedy', () => {
  it.each<[string, string, Partial<Allocate>]>([
    ['each.disk', '-1: give a number of MB', each({ disk: -1 })],
    ['each.gpus', '0.5: give a whole number from 0', each({ gpus: 0.5 })],
    ['each.ports', '1001: give a whole number', each({ ports: 1001 })],
    ['each.port_ranges[0].begin', '0: give a whole number from 1 to 65535', each({ port_ranges: [{ begin: 0, end: 5 }] })],
    ['each.port_ranges[0].end', '65536: give', each({ port_ranges: [{ begin: 1, end: 65_536 }] })],
    [
      'each.port_ranges[1].end',
      '8: give 9 or more',
      each({
        port_ranges: [
          { begin: 1, end: 2 },
          { begin: 9, end: 8 },
        ],
      }),
    ],
    [
      'each.port_ranges',
      'name each port once',
      each({
        port_ranges: [
          { begin: 5, end: 9 },
          { begin: 1, end: 5 },
        ],
      }),
    ],
    [
      'each.port_ranges',
      '101 entries: give at most 100',
      each({ port_ranges: Array.from({ length: 101 }, (_, i) => ({ begin: i + 1, end: i + 1 })) }),
    ],
    ['role', '"other": give one of streams, batch', { role: 'other' }],
    ['priority', '1000001: give a whole number from -1000000', { priority: 1_000_001 }],
    ['place_by_ms', '1000000: give milliseconds since the epoch, later', { place_by_ms: NOW }],
    ['place_by_ms', '9007199254740991: give milliseconds', { place_by_ms: Number.MAX_SAFE_INTEGER }],
    ['labels', '8201 characters together: give at most 8192', { labels: { a: 'x'.repeat(8_193) } }],
    ['constraints[0]', 'the field is empty', constraint('', 'UNIQUE')],
    ['constraints[0].field', '"@rack": give @hostname, @region, @zone', constraint('@rack', 'UNIQUE')],
    ['constraints[0]', 'the operator is unknown', constraint('rack', 'UNKNOWN')],
    ['constraints[0]', 'UNIQUE takes no value', constraint('rack', 'UNIQUE', 'x')],
    ['constraints[0]', 'MAX_PER is "none": give a whole number', constraint('rack', 'MAX_PER', 'none')],
    ['constraints[0]', 'IS is missing', constraint('rack', 'IS')],
    ['constraints[0]', 'regular expression', constraint('rack', 'LIKE', '(?=a)')],
    ['constraints[0]', 'regular expression', constraint('rack', 'UNLIKE', '\\1')],
    ['constraints[0].value', '1001 characters: give 1 to 1000', constraint('rack', 'LIKE', 'x'.repeat(1001))],
    ['constraints', '51 entries', { constraints: Array.from({ length: 51 }, () => ({ field: 'a', operator: 'UNIQUE' as const })) }],
    ['licences[0].name', '"a b": give up to 64', { licences: [{ name: 'a b', count: 1 }] }],
    ['licences[0].count', '0: give a whole number from 1', { licences: [{ name: 'a', count: 0 }] }],
    [
      'licences[1].name',
      'name each licence once',
      {
        licences: [
          { name: 'a', count: 1 },
          { name: 'a', count: 2 },
        ],
      },
    ],
    ['workload.command', 'set workload.deferred', { workload: { command: '' } }],
    ['workload.command', 'leave it empty', { workload: { command: 'x', deferred: true } }],
    ['workload.command', '150000 bytes: give at most 100000', run({ command: 'é'.repeat(75_000) })],
    ['workload.command', 'NUL', run({ command: 'a\0b' })],
    ['workload.environment', '"a=b": give each variable a name', run({ environment: { 'a=b': '' } })],
    ['workload.environment.A', '100001 bytes', run({ environment: { A: 'x'.repeat(100_001) } })],
    ['workload.uris[0].value', '0 characters', run({ uris: [{ value: '' }] })],
    ['workload.uris', '101 entries', run({ uris: Array.from({ length: 101 }, () => ({ value: 'u' })) })],
    ['workload.user', '0 characters', run({ user: '' })],
    ['workload.kill_grace_seconds', '-1: give a number', run({ kill_grace_seconds: -1 })],
    ['workload.container.docker', 'missing: give its image', run({ container: { type: 'DOCKER' } })],
    ['workload.container.docker', 'leave it out', run({ container: { ...docker, type: 'MESOS' } })],
    ['workload.container.mesos', 'leave it out', run({ container: { ...docker, mesos: {} } })],
    [
      'workload.container.docker.parameters',
      'leave it out',
      run({ container: { type: 'DOCKER', docker: { image: 'a', parameters: [{ key: 'name', value: 'x' }] } } }),
    ],
    [
      'workload.container.volumes[0]',
      '0 of host_path, image and source',
      run({ container: { ...docker, volumes: [{ container_path: '/a', mode: 'RW' }] } }),
    ],
    ['workload.check.type', 'give COMMAND, HTTP or TCP', run({ check: {} })],
    ['workload.check.http', 'missing', run({ check: { type: 'HTTP' } })],
    ['workload.check.tcp', 'leave it out', run({ check: { type: 'HTTP', http: { port: 1 }, tcp: { port: 1 } } })],
    ['workload.check.command.command.value', 'empty', run({ check: { type: 'COMMAND', command: { command: {} } } })],
    ['workload.check.http.path', 'let it begin with /', run({ check: { type: 'HTTP', http: { port: 1, path: 'a' } } })],
    ['workload.check.delay_seconds', '-1: give', run({ check: { type: 'TCP', tcp: { port: 1 }, delay_seconds: -1 } })],
    [
      'workload.health_check.http.scheme',
      '"ftp": give http or https',
      run({ health_check: { type: 'HTTP', http: { port: 1, scheme: 'ftp' } } }),
    ],
    ['workload.health_check.tcp.port', '0: give', run({ health_check: { type: 'TCP', tcp: { port: 0 } } })],
    [
      'workload.health_check.grace_period_seconds',
      'NaN: give',
      run({ health_check: { type: 'TCP', tcp: { port: 1 }, grace_period_seconds: Number.NaN } }),
    ],
  ])('%s (%s)', (field, words, body) => {
    const found = check(body);
    expect(found?.field).toBe(field);
    expect(found?.message).toContain(field);
    expect(found?.message).toContain(words);
  });
});
