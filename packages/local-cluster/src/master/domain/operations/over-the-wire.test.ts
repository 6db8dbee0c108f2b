import { afterEach, describe, expect, it } from 'vitest';
import type { Offer, OperationStatus, Resource } from '../../../generated/protocol.js';
import { startTestCluster, stopTestClusters, testFramework, testTask, TestFramework } from '../../../testing/test-cluster.js';

afterEach(stopTestClusters);

const reserved: Resource = {
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: 1 },
  reservations: [{ type: 'DYNAMIC', role: 'team', principal: 'p', labels: { labels: [{ key: 'k', value: 'v' }] } }],
};

const operationStatus = (framework: TestFramework, accepts: (status: OperationStatus) => boolean): Promise<OperationStatus> =>
  framework.subscription.until('an operation status', (events) =>
    events.flatMap(({ update_operation_status: update }) => (update === undefined ? [] : [update.status])).find(accepts),
  );

const reservedIn = (resources: readonly Resource[] = []): Resource[] =>
  resources.filter(({ reservations = [] }) => reservations.length > 0);

describe.each(['json', 'pb'] as const)('operations in %s', (encoding) => {
  it('a reservation is made, used, told of until acknowledged, offered, and undone', async () => {
    const cluster = await startTestCluster({ agents: 1, retryIntervals: { minMs: 50, maxMs: 100 } });
    const info = testFramework({ roles: ['team'], principal: 'p' });
    const framework = await TestFramework.subscribe(cluster.url, { encoding, info });
    const offer = await framework.offer();
    const task = { ...testTask('t', 'true'), agent_id: offer.agent_id, resources: [{ ...reserved, scalar: { value: 0.5 } }] };
    const operations: Offer.Operation[] = [
      { type: 'RESERVE', id: { value: 'r' }, reserve: { resources: [reserved] } },
      { type: 'LAUNCH', launch: { task_infos: [task] } },
    ];
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: 0 } } });
    const status = await operationStatus(framework, ({ state }) => state === 'OPERATION_FINISHED');
    expect(status).toMatchObject({ operation_id: { value: 'r' }, agent_id: offer.agent_id });
    await framework.status('t', 'TASK_FINISHED');

    const again = await framework.offer(({ resources }) => reservedIn(resources).length > 0);
    expect(reservedIn(again.resources)).toMatchObject([{ reservations: reserved.reservations, allocation_info: { role: 'team' } }]);
    const unreserve: Offer.Operation = { type: 'UNRESERVE', id: { value: 'u' }, unreserve: { resources: reservedIn(again.resources) } };
    await framework.call({ type: 'ACCEPT', accept: { offer_ids: [again.id], operations: [unreserve], filters: { refuse_seconds: 0 } } });
    await operationStatus(framework, ({ operation_id, state }) => operation_id?.value === 'u' && state === 'OPERATION_FINISHED');

    // Unacknowledged, so it comes again; acknowledged, it is unknown.
    await framework.subscription.until('the same again', (events) =>
      events.filter(({ update_operation_status: update }) => update?.status.uuid?.value === status.uuid?.value)[1] === undefined
        ? undefined
        : true,
    );
    const { uuid, agent_id } = status;
    const acknowledge_operation_status = { agent_id, operation_id: { value: 'r' }, uuid: uuid?.value ?? '' };
    expect(await framework.call({ type: 'ACKNOWLEDGE_OPERATION_STATUS', acknowledge_operation_status })).toMatchObject({ status: 202 });
    const asked = { operations: [{ operation_id: { value: 'r' }, agent_id }] };
    expect(await framework.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: asked })).toMatchObject({ status: 202, body: '' });
    const unknown = await operationStatus(framework, ({ state }) => state === 'OPERATION_UNKNOWN');
    expect(unknown).toEqual({
      operation_id: { value: 'r' },
      state: 'OPERATION_UNKNOWN',
      message: 'Reconciliation: Operation is unknown',
      agent_id,
    });
  });
});
