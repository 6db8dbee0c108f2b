import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planAgents } from '../agent-options.js';
import { planMasters } from '../master-options.js';
import { BOOLEAN_FLAGS, clusterCommand, type ClusterFlags } from './cluster-flags.js';
import { clusterOptionsOf } from './cluster-options.js';
import { respelled } from './spelling.js';

const directory = mkdtempSync(join(tmpdir(), 'local-cluster-flags-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const plan = (...args: string[]) => {
  const command = clusterCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(respelled(args, BOOLEAN_FLAGS), { from: 'user' });
  const options = clusterOptionsOf(command.opts<ClusterFlags>());
  return { options, masters: planMasters(options), agents: planAgents(options) };
};

const refusal = (...args: string[]): string => {
  try {
    plan(...args);
  } catch (error) {
    return (error as Error).message;
  }
  return expect.fail(`${args.join(' ')} is accepted`);
};

describe('flags', () => {
  it('in either spelling, with and without =', () => {
    expect(
      plan('--agent_ping_timeout=1secs', '--max-agent-ping-timeouts', '3', '--offer_timeout', '1.5mins').masters.settings,
    ).toMatchObject({
      agentPingTimeoutMs: 1000,
      maxAgentPingTimeouts: 3,
      offerTimeoutMs: 90_000,
    });
    expect(plan('--no-root_submissions').options.rootSubmissions).toBe(false);
    expect(plan('--root_submissions=true').options.rootSubmissions).toBe(true);
  });

  it('of masters', () => {
    const { masters } = plan(
      ...['--masters=3', '--zk=zk://me:secret@a:1,b:2/mesos/', '--zk_session_timeout=5secs', '--registry=replicated_log'],
      ...['--registry_fetch_timeout=1secs', '--roles=a,b', '--min_allocatable_resources=cpus:0.5;gpus:1|mem:64'],
    );
    expect(masters).toMatchObject({
      count: 3,
      zk: { servers: 'a:1,b:2', path: '/mesos', credentials: 'me:secret' },
      zkSessionTimeoutMs: 5000,
      log: { quorum: 2, fetchTimeoutMs: 1000, storeTimeoutMs: 20_000 },
      settings: { roleWhitelist: ['a', 'b', '*'], minAllocatable: [{ cpus: 500, gpus: 1000 }, { mem: 64_000 }] },
    });
  });

  it('of agents: once for all, or once for each; domains and resources also from files', () => {
    const domain = { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } };
    const { agents } = plan(
      ...['--agents=2', '--resources=cpus:1', '--resources=cpus:2', '--attributes=rack:a'],
      `--domain=file://${file('domain.json', JSON.stringify(domain))}`,
    );
    expect(agents.map(({ resources }) => resources.find(({ name }) => name === 'cpus'))).toMatchObject([{ milli: 1000 }, { milli: 2000 }]);
    expect(agents.map(({ attributes }) => attributes[0]?.text?.value)).toEqual(['a', 'a']);
    expect(agents.map((agent) => agent.domain)).toEqual([domain, domain]);
  });

  it('of authentication', () => {
    const credentials = file('credentials.json', '{"credentials":[{"principal":"me","secret":"x"}]}');
    const { authentication } = plan(
      ...['--authenticate_http_frameworks', '--http_framework_authenticators=basic', '--authenticate_http_readonly=true'],
      `--credentials=${credentials}`,
    ).options;
    expect(authentication).toEqual({ frameworks: true, readonly: true, readwrite: false, credentials: new Map([['me', 'x']]) });
  });

  it.each([
    [['--masters', '3'], '--zk=zk://host:port/path'],
    [['--masters=10', '--zk=zk://127.0.0.1:1/mesos'], '--masters: 10 is not a whole number from 1 to 9'],
    [['--port', '65536'], '0 to 65535'],
    [['--resources', 'cpus:-4'], `--resources: 'cpus:-4'`],
    [['--resources', 'cpus:4', '--resources', 'cpus:2', '--agents', '3'], '--resources: given 2 times for 3 agents'],
    [['--domain', '{}'], 'fault_domain'],
    [['--domain', 'file:///no/such/file'], '/no/such/file'],
    [['--zk', 'localhost:2181'], 'zk://[user:password@]host:port'],
    [['--zk', 'zk://me@localhost:2181/mesos'], 'user:password'],
    [['--agent_ping_timeout=1'], `'1' is no duration`],
    [['--allocation-interval', '0secs'], `'0secs' is out of range`],
    [['--registry=etcd'], 'in_memory, replicated_log'],
    [['--quorum=1'], '--registry=replicated_log'],
    [['--registry=replicated_log', '--quorum=2'], '--quorum: 2 of 1 masters'],
    [['--min_allocatable_resources=cpus'], 'cpus:0.01|mem:32'],
    [['--min_allocatable_resources=ports:[1-2]'], 'only scalars'],
    [['--roles=a,-b'], `--roles: '-b'`],
    [['--root_submissions=maybe'], 'true or false'],
    [['--authenticate_http_readonly'], '--credentials: no file'],
    [['--credentials=/no/such/file'], '/no/such/file'],
    [['--executor-environment-variables', '{"A":1}'], 'JSON object of texts'],
  ])('%j is refused, saying why', (args, message) => {
    expect(refusal(...args)).toContain(message);
  });

  it('what is wrong with a file of credentials is said without a word of it', () => {
    const said = refusal(`--credentials=${file('broken.json', 'secret-thing')}`);
    expect(said).toContain('is not JSON');
    expect(said).not.toContain('secret-thing');
    expect(refusal('--zk', 'zk://me:secret-thing@/mesos')).not.toContain('secret-thing');
  });
});
