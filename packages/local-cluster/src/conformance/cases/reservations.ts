// RESERVE and UNRESERVE, and what the framework is told of operations.
import type { Offer, OperationStatus, Resource } from '../../generated/protocol.js';
import { alone, bothEncodings, type ConformanceCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, expectFields, expectMatch, expectTrue, notRun } from '../expect.js';
import type { Framework } from '../framework.js';
import { scalar, task } from '../tasks.js';

const source = 'docs/reservation.md; src/master/master.cpp, Master::_accept';
const validate = 'src/master/validation.cpp, operation::validate';
const feedback = 'docs/operations.md';
const ROLE = 'conformance-reserving';

const reserved = (role = ROLE): Resource[] =>
  [scalar('cpus', 0.1), scalar('mem', 32)].map((resource) => ({ ...resource, reservations: [{ type: 'DYNAMIC', role }] }));

/** With the principal, without which Mesos does not take a reservation of a framework that has one. */
const own = (framework: Framework, resources = reserved()): Resource[] => {
  const { principal } = framework.info;
  if (principal === undefined) return resources;
  return resources.map((one) => ({ ...one, reservations: (one.reservations ?? []).map((each) => ({ ...each, principal })) }));
};

const isReserved = ({ reservations = [] }: Resource): boolean => reservations.some(({ role }) => role === ROLE);

const reservedIn = ({ resources = [] }: Offer): Resource[] => resources.filter(isReserved);

const operationStatus = (framework: Framework, id: string): Promise<OperationStatus> =>
  framework.until(`the status of operation ${id}`, (events) =>
    events.map((event) => event.update_operation_status?.status).find((status) => status?.operation_id?.value === id),
  );

const sameAgent =
  (offer: Offer) =>
  ({ agent_id }: Offer): boolean =>
    agent_id.value === offer.agent_id.value;

const subscribed = (context: CaseContext): Promise<Framework> => {
  if (context.facts.flags['roles'] !== undefined) notRun('the master has a list of roles');
  return context.framework({ info: { roles: [ROLE] } });
};

/** By the operator's endpoint, or where that is not allowed by the framework itself. */
const giveBack = async (context: CaseContext, framework: Framework, offer: Offer, resources: Resource[]): Promise<void> => {
  const { status } = await context.client.exchange({
    method: 'POST',
    path: '/master/unreserve',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `slaveId=${encodeURIComponent(offer.agent_id.value)}&resources=${encodeURIComponent(JSON.stringify(resources))}`,
  });
  if (status === 202) return;
  await framework.send({ type: 'REVIVE' });
  const isThere = (one: Offer): boolean => sameAgent(offer)(one) && reservedIn(one).length > 0 && !framework.isRescinded(one);
  const held = await framework.until('what is reserved', () => framework.offers().findLast(isThere)).catch(() => undefined);
  if (held !== undefined) await framework.accept([held], [{ type: 'UNRESERVE', unreserve: { resources } }]);
};

/** Reserves for the time of `use`, and gives everything back whatever comes. */
const whileReserved = async (
  context: CaseContext,
  framework: Framework,
  use: (offer: Offer) => Promise<void>,
  id?: string,
): Promise<void> => {
  const offer = await framework.offer();
  const resources = own(framework);
  try {
    const feedbackId = id === undefined ? {} : { id: { value: id } };
    await framework.accept([offer], [{ type: 'RESERVE', ...feedbackId, reserve: { resources } }]);
    await use(offer);
  } finally {
    await giveBack(context, framework, offer, resources);
  }
};

const refused = (name: string, operation: (framework: Framework) => Offer.Operation, message: RegExp): ConformanceCase => ({
  name: `${name}: OPERATION_ERROR`,
  source: validate,
  since: '1.9',
  run: async (context) => {
    const framework = await subscribed(context);
    const offer = await framework.offer();
    await framework.accept([offer], [{ ...operation(framework), id: { value: 'refused' } }]);
    const status = await operationStatus(framework, 'refused');
    expectFields('the status', status, { state: 'OPERATION_ERROR', uuid: undefined });
    expectMatch('the message', status.message, message);
  },
});

export const reservationCases = alone([
  {
    name: 'RESERVE: the resources are offered as reserved for the role',
    source,
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await subscribed(context);
      await whileReserved(context, framework, async (offer) => {
        const next = await framework.expectOffer('the agent', (one) => sameAgent(offer)(one) && reservedIn(one).length > 0);
        const names = reservedIn(next).map(({ name, scalar: value, allocation_info }) => [name, value?.value, allocation_info?.role]);
        expectEqual('what is reserved', names.sort(), [
          ['cpus', 0.1, ROLE],
          ['mem', 32, ROLE],
        ]);
        for (const { reservations } of reservedIn(next))
          expectFields('the reservation', reservations?.[0], { type: 'DYNAMIC', role: ROLE });
      });
    },
  },
  {
    name: 'RESERVE and a task on what it reserved go in one ACCEPT',
    source: `${source}: operations are applied in their order`,
    run: async (context) => {
      const framework = await subscribed(context);
      const offer = await framework.offer();
      const resources = own(framework);
      const one = { ...task('t', 'true', { resources }), agent_id: offer.agent_id };
      try {
        await framework.accept(
          [offer],
          [
            { type: 'RESERVE', reserve: { resources } },
            { type: 'LAUNCH', launch: { task_infos: [one] } },
          ],
        );
        expectEqual('the task', (await framework.end('t')).state, 'TASK_FINISHED');
      } finally {
        const next = await framework.expectOffer('the reservation', (each) => sameAgent(offer)(each) && reservedIn(each).length > 0);
        await framework.accept([next], [{ type: 'UNRESERVE', unreserve: { resources } }]);
      }
      const free = await framework.expectOffer('the agent', sameAgent(offer));
      expectEqual('what is reserved', reservedIn(free), []);
    },
  },
  {
    name: 'others are not offered what is reserved for a role',
    source: 'src/master/allocator/mesos/hierarchical.cpp, getAvailable: allocatableTo(role)',
    run: async (context) => {
      const framework = await subscribed(context);
      await whileReserved(context, framework, async (offer) => {
        const next = await framework.expectOffer('the agent', (one) => sameAgent(offer)(one) && reservedIn(one).length > 0);
        await framework.decline([next], 3600);
        await framework.send({ type: 'SUPPRESS' });
        const other = await context.framework();
        const seen = await other.expectOffer('the agent', sameAgent(offer));
        expectEqual('what is reserved', reservedIn(seen), []);
      });
    },
  },
  {
    name: 'RESERVE with an id: OPERATION_FINISHED, again until it is acknowledged',
    source: feedback,
    since: '1.9',
    encodings: bothEncodings,
    run: async (context) => {
      const framework = await subscribed(context);
      await whileReserved(
        context,
        framework,
        async (offer) => {
          const status = await operationStatus(framework, 'reserve');
          expectFields('the status', status, { state: 'OPERATION_FINISHED', agent_id: offer.agent_id });
          const { uuid, agent_id } = status;
          expectTrue('it has a uuid', uuid !== undefined);
          const acknowledgement = { ...(agent_id === undefined ? {} : { agent_id }), uuid: uuid.value, operation_id: { value: 'reserve' } };
          await framework.send({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status: acknowledgement });
        },
        'reserve',
      );
    },
  },
  {
    name: 'an operation with an offer that does not exist: OPERATION_ERROR',
    source: 'src/master/master.cpp, Master::accept: drop',
    since: '1.9',
    run: async (context) => {
      const framework = await subscribed(context);
      const reserve = { resources: own(framework) };
      await framework.acceptIds(['no-such-offer'], [{ type: 'RESERVE', id: { value: 'late' }, reserve }]);
      const message = 'Operation attempted with invalid offers: Offer no-such-offer is no longer valid';
      expectFields('the status', await operationStatus(framework, 'late'), { state: 'OPERATION_ERROR', message });
    },
  },
  {
    name: 'an operation without id is refused silently',
    source: 'src/master/master.cpp, Master::drop(Framework*, const Offer::Operation&, …)',
    run: async (context) => {
      const framework = await subscribed(context);
      await framework.acceptIds(['no-such-offer'], [{ type: 'RESERVE', reserve: { resources: own(framework) } }]);
      await framework.fence();
      const told = framework.events.filter(({ type }) => type === 'UPDATE_OPERATION_STATUS' || type === 'ERROR');
      expectEqual('what was told', told, []);
    },
  },
  refused(
    'RESERVE of more than was offered',
    (framework) => ({
      type: 'RESERVE',
      reserve: {
        resources: own(
          framework,
          reserved().map((one) => (one.name === 'cpus' ? { ...one, scalar: { value: 1_000_000 } } : one)),
        ),
      },
    }),
    /does not contain/,
  ),
  refused(
    'RESERVE for a role that the framework has not',
    (framework) => ({ type: 'RESERVE', reserve: { resources: own(framework, reserved('conformance-stranger')) } }),
    /^A reserve operation was attempted for a resource with role 'conformance-stranger', but the resource was allocated to role /,
  ),
]);
