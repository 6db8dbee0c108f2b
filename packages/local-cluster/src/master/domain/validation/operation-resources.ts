// The resources of an offer's operation: checked, in the format with a stack of reservations, and allocated to the offer's role
// unless the framework said otherwise (common/resources_utils.cpp, validateAndUpgradeResources; common/protobuf_utils.cpp,
// injectAllocationInfo; master.cpp, Master::accept).
import type { ExecutorInfo, Offer, Resource, TaskInfo } from '../../../generated/protocol.js';
import { upgradeResource } from '../../../resources/resource-format.js';
import { resourceError, resourcesError } from '../../../resources/resource-validation.js';
import { withHealthCheckType } from './checks.js';

type Kind = Exclude<Offer.Operation.Type, 'UNKNOWN'>;

const FIELD_OF = {
  LAUNCH: 'launch',
  LAUNCH_GROUP: 'launch_group',
  RESERVE: 'reserve',
  UNRESERVE: 'unreserve',
  CREATE: 'create',
  DESTROY: 'destroy',
  GROW_VOLUME: 'grow_volume',
  SHRINK_VOLUME: 'shrink_volume',
  CREATE_DISK: 'create_disk',
  DESTROY_DISK: 'destroy_disk',
} as const satisfies Record<Kind, keyof Offer.Operation>;

const missingText = (type: Kind, field: string): string => {
  const text = `${type === 'UNRESERVE' ? 'An' : 'A'} ${type}${type === 'GROW_VOLUME' ? '' : ' offer'} operation must have the Offer.Operation.${field} field set`;
  return type === 'GROW_VOLUME' || type === 'SHRINK_VOLUME' ? text : `${text}.`;
};

const tasksError = (tasks: readonly TaskInfo[]): string | undefined => {
  for (const { resources = [], executor } of tasks) {
    const error = resourcesError(resources) ?? resourcesError(executor?.resources ?? []);
    if (error !== undefined) return error;
  }
  return undefined;
};

const singlesError = (...resources: readonly (Resource | undefined)[]): string | undefined =>
  resources.map((resource) => resource && resourceError(resource)).find((error) => error !== undefined);

/** Why its resources are invalid, in Mesos's words; undefined when they are valid. */
export function operationResourcesError(operation: Offer.Operation): string | undefined {
  const { type = 'UNKNOWN' } = operation;
  if (type === 'UNKNOWN') return 'Unknown offer operation';
  if (operation[FIELD_OF[type]] === undefined) return missingText(type, FIELD_OF[type]);
  switch (type) {
    case 'LAUNCH':
      return tasksError(operation.launch?.task_infos ?? []);
    case 'LAUNCH_GROUP':
      return resourcesError(operation.launch_group?.executor.resources ?? []) ?? tasksError(operation.launch_group?.task_group.tasks ?? []);
    case 'RESERVE':
      return (
        resourcesError(operation.reserve?.resources ?? []) ??
        resourcesError(operation.reserve?.source ?? []) ??
        ((operation.reserve?.source ?? []).length > 0 ? 'Reservation updates are not yet implemented for the scheduler API.' : undefined)
      );
    case 'UNRESERVE':
      return resourcesError(operation.unreserve?.resources ?? []);
    case 'CREATE':
      return resourcesError(operation.create?.volumes ?? []);
    case 'DESTROY':
      return resourcesError(operation.destroy?.volumes ?? []);
    case 'GROW_VOLUME':
      return singlesError(operation.grow_volume?.volume, operation.grow_volume?.addition);
    case 'SHRINK_VOLUME':
      return singlesError(operation.shrink_volume?.volume);
    case 'CREATE_DISK':
      return singlesError(operation.create_disk?.source);
    case 'DESTROY_DISK':
      return singlesError(operation.destroy_disk?.source);
  }
}

/** An operation whose resources are valid, as the master goes on with it. */
export function normalized(operation: Offer.Operation, role: string, frameworkId: string): Offer.Operation {
  const one = (resource: Resource): Resource => ({ allocation_info: { role }, ...upgradeResource(resource) });
  const all = (resources: readonly Resource[] | undefined): Resource[] => (resources ?? []).map(one);
  const executor = (info: ExecutorInfo): ExecutorInfo => ({ ...info, resources: all(info.resources) });
  const task = (info: TaskInfo): TaskInfo => ({
    ...info,
    resources: all(info.resources),
    ...(info.executor === undefined ? {} : { executor: executor(info.executor) }),
  });
  const { type, id, launch, launch_group, reserve, unreserve, create, destroy, grow_volume, shrink_volume, create_disk, destroy_disk } =
    operation;
  const own = { type, ...(id === undefined ? {} : { id }) };
  switch (type) {
    case 'LAUNCH':
      return { ...own, launch: { task_infos: (launch?.task_infos ?? []).map(task).map((info) => launched(info, frameworkId)) } };
    case 'LAUNCH_GROUP': {
      if (launch_group === undefined) return own;
      const groupExecutor = executor(launch_group.executor);
      const tasks = (launch_group.task_group.tasks ?? []).map((info) => ({ executor: groupExecutor, ...task(info) }));
      return { ...own, launch_group: { executor: groupExecutor, task_group: { tasks } } };
    }
    case 'RESERVE':
      return { ...own, reserve: { resources: all(reserve?.resources) } };
    case 'UNRESERVE':
      return { ...own, unreserve: { resources: all(unreserve?.resources) } };
    case 'CREATE':
      return { ...own, create: { volumes: all(create?.volumes) } };
    case 'DESTROY':
      return { ...own, destroy: { volumes: all(destroy?.volumes) } };
    case 'GROW_VOLUME':
      return grow_volume === undefined
        ? own
        : { ...own, grow_volume: { volume: one(grow_volume.volume), addition: one(grow_volume.addition) } };
    case 'SHRINK_VOLUME':
      return shrink_volume === undefined ? own : { ...own, shrink_volume: { ...shrink_volume, volume: one(shrink_volume.volume) } };
    case 'CREATE_DISK':
      return create_disk === undefined ? own : { ...own, create_disk: { ...create_disk, source: one(create_disk.source) } };
    case 'DESTROY_DISK':
      return destroy_disk === undefined ? own : { ...own, destroy_disk: { source: one(destroy_disk.source) } };
    default:
      return own;
  }
}

/** A task of LAUNCH, completed as older frameworks need it. */
const launched = (task: TaskInfo, frameworkId: string): TaskInfo => ({
  ...task,
  ...(task.executor === undefined ? {} : { executor: { framework_id: { value: frameworkId }, ...task.executor } }),
  ...(task.health_check === undefined ? {} : { health_check: withHealthCheckType(task.health_check) }),
});
