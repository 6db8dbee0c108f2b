// A container that does not become ready in time.
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Offer } from '../../generated/protocol.js';
import type { ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectFields, expectMatch, notRun } from '../expect.js';
import { task } from '../tasks.js';

/** --executor_registration_timeout unless it is set, which only the agents know. */
const DEFAULT_TIMEOUT_MS = 60_000;
const DRIP_MS = 200;

/** This machine's address as the agent sees it; not run where the agent can't be reached from here. */
const ownAddress = (offer: Offer): Promise<string> =>
  new Promise((resolve, reject) => {
    const { ip, port } = offer.url?.address ?? {};
    const socket = connect(port ?? 5051, ip ?? offer.hostname);
    socket.once('connect', () => {
      resolve(socket.localAddress ?? '127.0.0.1');
      socket.destroy();
    });
    socket.once('error', reject);
  });

/** A URI that comes, but never ends: a fetcher gives up what stands still (--fetcher_stall_timeout). */
const withEndlessUri = async (context: CaseContext, offer: Offer, use: (uri: string) => Promise<void>): Promise<void> => {
  const ip = await ownAddress(offer).catch(() => notRun('the agents can not be reached from here'));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000000000' });
    const drip = setInterval(() => response.write('................'), DRIP_MS);
    response.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  try {
    await use(`http://${ip}:${(server.address() as AddressInfo).port}/endless`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

export const launchingSlowlyCases: readonly ConformanceCase[] = [
  {
    name: 'a task whose URIs are not there within --executor_registration_timeout: FAILED, REASON_CONTAINER_LAUNCH_FAILED',
    source:
      'src/slave/slave.cpp, Slave::registerExecutorTimeout, Slave::executorLaunched; src/slave/containerizer/fetcher.cpp, FetcherProcess::kill',
    flags: ['--executor_registration_timeout=500ms'],
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      await withEndlessUri(context, offer, async (uri) => {
        await framework.launch([task('t', { value: 'true', uris: [{ value: uri, extract: false }] })], offer);
        const status = await framework.end('t', DEFAULT_TIMEOUT_MS + context.patienceMs);
        expectFields('the status', status, {
          state: 'TASK_FAILED',
          source: 'SOURCE_AGENT',
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          agent_id: offer.agent_id,
        });
        expectMatch(
          'the message',
          status.message,
          /^Failed to launch container: Failed to fetch all URIs for container '[^']+': terminated with signal Killed/,
        );
      });
    },
  },
];
