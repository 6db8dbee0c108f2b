// What the master checks of an executor (src/master/validation.cpp, namespace executor).
import type { ExecutorInfo } from '../../../generated/protocol.js';
import { allocatedFromWire } from '../../../resources/allocated.js';
import { fromWire, isSame } from '../../../resources/resources.js';
import { executorKey, type AgentRecord, type FrameworkRecord } from '../master-state.js';
import { commandError } from './command.js';
import { containerError } from './container.js';
import { idError } from './identifiers.js';
import { duplicatePersistenceError, listError, revocableMixError, severalRolesError } from './resource-lists.js';

export interface ExecutorContext {
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
}

/** Whether the agent has the executor already, so that its resources are taken. */
export const holdsExecutor = ({ framework, agent }: ExecutorContext, executorId: string): boolean =>
  agent.executors.has(executorKey(framework.id, executorId));

const typeError = ({ type, command, container }: ExecutorInfo): string | undefined => {
  if (type === 'CUSTOM') return command === undefined ? `'ExecutorInfo.command' must be set for 'CUSTOM' executor` : undefined;
  if (type !== 'DEFAULT') return undefined;
  if (command !== undefined) return `'ExecutorInfo.command' must not be set for 'DEFAULT' executor`;
  if (container === undefined) return undefined;
  if (container.type !== 'MESOS') return `'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor`;
  return container.mesos?.image === undefined ? undefined : `'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor`;
};

const selfError = (executor: ExecutorInfo): string | undefined => {
  const error = typeError(executor) ?? idError(executor.executor_id.value);
  if (error !== undefined) return error;
  if ((executor.shutdown_grace_period?.nanoseconds ?? 0) < 0) return `ExecutorInfo's 'shutdown_grace_period' must be non-negative`;
  const command = executor.command && commandError(executor.command);
  if (command !== undefined) return `Executor's \`CommandInfo\` is invalid: ${command}`;
  const container = executor.container && containerError(executor.container);
  return container === undefined ? undefined : `Executor's \`ContainerInfo\` is invalid: ${container}`;
};

const ownerError = ({ framework_id }: ExecutorInfo, { framework }: ExecutorContext): string | undefined => {
  if (framework_id === undefined) return `'ExecutorInfo.framework_id' must be set`;
  if (framework_id.value === framework.id) return undefined;
  return `ExecutorInfo has an invalid FrameworkID (Actual: ${framework_id.value} vs Expected: ${framework.id})`;
};

const resourcesError = ({ resources = [] }: ExecutorInfo): string | undefined => {
  const invalid = listError(resources);
  if (invalid !== undefined) return `Executor uses invalid resources: ${invalid}`;
  const all = allocatedFromWire(resources);
  const duplicate = duplicatePersistenceError(all);
  if (duplicate !== undefined) return `Executor uses duplicate persistence ID: ${duplicate}`;
  const roles = severalRolesError(resources);
  if (roles !== undefined) return `Invalid executor resources: ${roles}`;
  const mix = revocableMixError(all);
  return mix === undefined ? undefined : `Executor mixes revocable and non-revocable resources: ${mix}`;
};

/** Whatever the order of the fields. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, canonical(entry)]),
  );
};

/** Resources are compared by what they are, whatever their order (src/common/type_utils.cpp). */
export const isSameExecutor = ({ resources: left, ...one }: ExecutorInfo, { resources: right, ...other }: ExecutorInfo): boolean =>
  isSame(fromWire(left), fromWire(right)) && JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

const LINE = '-'.repeat(60);

/** The two are printed as JSON, where Mesos prints protobuf's text format. */
const compatibilityError = (executor: ExecutorInfo, { framework, agent }: ExecutorContext): string | undefined => {
  const existing = agent.executors.get(executorKey(framework.id, executor.executor_id.value))?.info;
  if (existing === undefined || isSameExecutor(existing, executor)) return undefined;
  return [
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.',
    LINE,
    'Existing ExecutorInfo:',
    JSON.stringify(existing),
    LINE,
    'ExecutorInfo:',
    JSON.stringify(executor),
    LINE,
    '',
  ].join('\n');
};

/** Why the executor is invalid, in Mesos's words; undefined when it is valid. */
export const executorError = (executor: ExecutorInfo, context: ExecutorContext): string | undefined =>
  selfError(executor) ?? ownerError(executor, context) ?? resourcesError(executor) ?? compatibilityError(executor, context);
