// Maintenance: unavailability in offers, inverse offers, and their answers. The schedule is the cluster's own: it must be empty.
import type { InverseOffer, Offer } from '../../generated/protocol.js';
import { alone, bothEncodings } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectTrue, notRun } from '../expect.js';
import type { Framework } from '../framework.js';
import { task } from '../tasks.js';

const source = 'docs/maintenance.md; src/master/http.cpp, Master::Http::_updateMaintenanceSchedule';
const HOUR_NS = 3_600_000_000_000;

interface Window {
  readonly machine_ids: readonly { readonly hostname: string; readonly ip: string }[];
  readonly unavailability: { readonly start: { readonly nanoseconds: number }; readonly duration: { readonly nanoseconds: number } };
}

const update = async (context: CaseContext, windows: readonly Window[]): Promise<void> => {
  const { status, body } = await context.client.exchange({
    method: 'POST',
    path: '/api/v1',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: { windows } } }),
  });
  expectEqual('the answer to UPDATE_MAINTENANCE_SCHEDULE', { status, body }, { status: 200, body: '' });
};

const windowFor = (context: CaseContext, offer: Offer): Window => {
  const pid = context.facts.agents.find(({ id }) => id === offer.agent_id.value)?.pid ?? '';
  const ip = /@(.*):\d+$/.exec(pid)?.[1] ?? notRun(`the agent's address is not known: ${pid}`);
  const start = { nanoseconds: (Math.floor(Date.now() / 1000) + 3600) * 1e9 };
  return { machine_ids: [{ hostname: offer.hostname, ip }], unavailability: { start, duration: { nanoseconds: HOUR_NS } } };
};

/** The agent has maintenance ahead for the time of `meanwhile`. */
const withSchedule = async (context: CaseContext, window: Window, meanwhile: () => Promise<void>): Promise<void> => {
  const { windows } = await context.getJson<{ windows?: unknown[] }>('/maintenance/schedule');
  if (windows !== undefined && windows.length > 0) notRun('the cluster has a maintenance schedule');
  try {
    await update(context, [window]);
    await meanwhile();
  } finally {
    await update(context, []);
  }
};

const inverseOffers = (framework: Framework): InverseOffer[] =>
  framework.events.flatMap(({ inverse_offers }) => inverse_offers?.inverse_offers ?? []);

const ofAgent =
  (offer: Offer) =>
  ({ agent_id }: { readonly agent_id?: { readonly value: string } | undefined }): boolean =>
    agent_id?.value === offer.agent_id.value;

const launched = async (
  context: CaseContext,
): Promise<{ readonly framework: Framework; readonly offer: Offer; readonly window: Window }> => {
  const framework = await context.framework();
  const offer = await framework.launch([task('t', 'sleep 60')]);
  await framework.status('t', 'TASK_RUNNING');
  return { framework, offer, window: windowFor(context, offer) };
};

export const maintenanceCases = alone([
  {
    name: 'maintenance ahead: offers are rescinded and come again with the unavailability',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await context.framework();
      const offer = await framework.offer();
      const window = windowFor(context, offer);
      await withSchedule(context, window, async () => {
        await framework.until('RESCIND', () => (framework.isRescinded(offer) ? true : undefined));
        const again = await framework.expectOffer('the agent', ofAgent(offer));
        expectEqual('its unavailability', again.unavailability, window.unavailability);
        const other = framework.offers().find((one) => !ofAgent(offer)(one) && !framework.isRescinded(one));
        expectEqual('that of another agent', other?.unavailability, undefined);
      });
      const later = await framework.expectOffer('the agent', (one) => ofAgent(offer)(one) && one.unavailability === undefined);
      expectEqual('its resources', later.resources, offer.resources);
    },
  },
  {
    name: 'maintenance ahead: who has something on the agent is asked to leave by an inverse offer',
    source: `${source}; src/master/allocator/mesos/hierarchical.cpp, generateInverseOffers`,
    encodings: bothEncodings,
    run: async (context) => {
      const { framework, offer, window } = await launched(context);
      await withSchedule(context, window, async () => {
        const inverse = await framework.until('an inverse offer', () => inverseOffers(framework).find(ofAgent(offer)));
        expectEqual('its unavailability', inverse.unavailability, window.unavailability);
        expectEqual('its framework', inverse.framework_id.value, framework.id);
        expectTrue('it asks for nothing in particular', (inverse.resources ?? []).length === 0, inverse.resources);
      });
      expectEqual('the task runs on', (await framework.reconcile('t')).state, 'TASK_RUNNING');
    },
  },
  {
    name: 'an inverse offer that is declined comes again when its filter is over, and no sooner',
    source: 'src/master/allocator/mesos/hierarchical.cpp, updateInverseOffer',
    run: async (context) => {
      const { framework, offer, window } = await launched(context);
      await withSchedule(context, window, async () => {
        const first = await framework.until('an inverse offer', () => inverseOffers(framework).find(ofAgent(offer)));
        const again = () => inverseOffers(framework).find((one) => ofAgent(offer)(one) && one.id.value !== first.id.value);
        const decline = { inverse_offer_ids: [first.id], filters: { refuse_seconds: 2.5 } };
        await framework.send({ type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: decline });
        await context.wait(2000);
        expectEqual('an inverse offer within 2 s', again(), undefined);
        await framework.until('another inverse offer', again);
      });
    },
  },
  {
    name: 'ACCEPT_INVERSE_OFFERS is taken, and shows in the maintenance status',
    source: `${source}; src/master/http.cpp, Master::Http::maintenanceStatus`,
    run: async (context) => {
      const { framework, offer, window } = await launched(context);
      await withSchedule(context, window, async () => {
        const { id } = await framework.until('an inverse offer', () => inverseOffers(framework).find(ofAgent(offer)));
        const accept = { inverse_offer_ids: [id], filters: { refuse_seconds: 60 } };
        await framework.send({ type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: accept });
        interface Draining {
          readonly draining_machines?: readonly {
            readonly statuses?: readonly { readonly status: string; readonly framework_id: { readonly value: string } }[];
          }[];
        }
        await context.eventually('its answer in /maintenance/status', async () => {
          const { draining_machines = [] } = await context.getJson<Draining>('/maintenance/status');
          const statuses = draining_machines.flatMap(({ statuses: all = [] }) => all);
          return statuses.find(({ status, framework_id }) => status === 'ACCEPT' && framework_id.value === framework.id);
        });
      });
    },
  },
  {
    name: 'a schedule of no machine is refused with 400',
    source: 'src/master/maintenance.cpp, validation::schedule',
    run: async (context) => {
      const window = { machine_ids: [], unavailability: { start: { nanoseconds: Date.now() * 1e6 } } };
      const { status, body } = await context.client.exchange({
        method: 'POST',
        path: '/api/v1',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: { windows: [window] } } }),
      });
      expectEqual('the answer', { status, body }, { status: 400, body: 'List of machines in the maintenance window is empty' });
    },
  },
]);
