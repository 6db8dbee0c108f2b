import type { ExecutorInfo, Offer, Resource, TaskInfo } from '@streams-on-mesos/mesos';
import { take, type Taking } from './offered-resources.js';

/** A task that no agent is chosen for yet. */
export type PlannedTask = Omit<TaskInfo, 'agent_id'>;

/** What is to be run, on one agent. */
export interface ExecutionPlan {
  /** One, or those of a group. */
  readonly tasks: readonly PlannedTask[];
  /** Of a group. */
  readonly executor: ExecutorInfo | undefined;
  readonly role: string;
  /** From TASK_RUNNING on, for each task. */
  readonly killAfterMs: number | undefined;
  /** For all of it. */
  readonly timeoutMs: number | undefined;
}

export type Fit = { readonly operation: Offer.Operation } | { readonly missing: readonly Resource[] };

/** mesos-execute gives the default executor as much (src/cli/execute.cpp). */
export const groupExecutor: ExecutorInfo = {
  type: 'DEFAULT',
  executor_id: { value: 'default-executor' },
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    { name: 'disk', type: 'SCALAR', scalar: { value: 32 } },
  ],
};

/** Takes out of an offer for one after the other. */
class Shopping {
  missing: Resource[] = [];

  constructor(private left: readonly Resource[]) {}

  take(wanted: readonly Resource[] | undefined): Resource[] {
    const taking: Taking = take(this.left, wanted ?? []);
    this.left = taking.left;
    this.missing.push(...taking.missing);
    return [...taking.taken];
  }

  executor(executor: ExecutorInfo): ExecutorInfo {
    return { ...executor, resources: this.take(executor.resources) };
  }
}

/** The launch of the plan on an offer, or what the offer lacks for it. */
export const fitOffer = ({ tasks, executor }: ExecutionPlan, offer: Offer, frameworkId: string): Fit => {
  const shopping = new Shopping(offer.resources ?? []);
  const group = executor && { ...shopping.executor(executor), framework_id: { value: frameworkId } };
  const infos = tasks.map((task) => ({
    ...task,
    agent_id: offer.agent_id,
    resources: shopping.take(task.resources),
    ...(task.executor && { executor: shopping.executor(task.executor) }),
  }));
  if (shopping.missing.length > 0) return { missing: shopping.missing };
  const operation: Offer.Operation =
    group === undefined
      ? { type: 'LAUNCH', launch: { task_infos: infos } }
      : { type: 'LAUNCH_GROUP', launch_group: { executor: group, task_group: { tasks: infos } } };
  return { operation };
};

/** What an offer must hold at least. */
export const wantedResources = ({ tasks, executor }: ExecutionPlan): Resource[] =>
  [executor, ...tasks.flatMap((task) => [task, task.executor])].flatMap((each) => each?.resources ?? []);
