import { fault, type Mutant } from './mutant.js';

const accept = 'master/domain/accept.ts';
const offers = 'master/domain/allocator/offers.ts';
const filters = 'master/domain/allocator/offer-filters.ts';
const task = 'master/domain/validation/task-validation.ts';
const ids = 'master/domain/validation/identifiers.ts';
const command = 'master/domain/validation/command.ts';
const subscription = 'master/domain/subscription.ts';
const suppression = 'master/domain/allocator/suppression.ts';

export const offerMutants: readonly Mutant[] = [
  fault(
    offers,
    'return `Offer ${id} is no longer valid`',
    'return `Offer ${id} is unknown`',
    'an offer that does not exist: TASK_DROPPED',
    'an offer that was used: TASK_DROPPED',
  ),
  fault(offers, `if (duplicate !== undefined) return`, `if (false) return`, 'an offer twice: TASK_DROPPED, and the offer is gone'),
  fault(offers, `if (foreign !== undefined)`, `if (false)`, `another framework's offer: TASK_DROPPED`),
  fault(offers, `if (otherAgent !== undefined)`, `if (false)`, 'offers of two agents: TASK_DROPPED'),
  fault(offers, `if (otherRole !== undefined)`, `if (false)`, 'offers of two roles: TASK_DROPPED'),
  fault(
    'master/domain/status-update.ts',
    `hasCapability(framework.info, 'PARTITION_AWARE') ? state : 'TASK_LOST'`,
    `state`,
    'a framework without PARTITION_AWARE gets TASK_LOST instead of TASK_DROPPED',
    'a framework without PARTITION_AWARE gets TASK_LOST for unknown tasks',
  ),
  fault(
    accept,
    `if (offer !== undefined) discardOffer(master, offer, undefined, turn.now);`,
    `if (offer !== undefined) discardOffer(master, offer, { refuse_seconds: 60 }, turn.now);`,
    'the offers that were valid beside an invalid one are offered again',
  ),
  fault(
    'master/domain/scheduler-calls.ts',
    `if (offer !== undefined) discardOffer(`,
    `if (offer === undefined) removeFramework(master, [...master.frameworks.values()][0]!, turn);\n    else discardOffer(`,
    'a rescinded or unknown offer can be declined without harm',
  ),
  fault(
    'master/domain/operations/launch.ts',
    `for (const task of task_infos) launchTask(accepted, task, turn);`,
    `for (const task of task_infos) if (taskError(task_infos[0]!, contextOf(accepted)) === undefined) launchTask(accepted, task, turn);`,
    'a LAUNCH that is refused does not keep the others from running',
  ),

  fault(
    ids,
    `if (id === '') return`,
    `return undefined;\n  if (id === '') return`,
    'a task id with a slash: TASK_ERROR',
    'a task id with a control character: TASK_ERROR',
    'the task id ..: TASK_ERROR',
    'a task id of 256 characters: TASK_ERROR',
    'an empty task id: TASK_ERROR',
  ),
  fault(task, `'Task uses no resources'`, `'Task has no resources'`, 'a task without resources: TASK_ERROR'),
  fault(
    task,
    `'Task should have at least one (but not both) of`,
    `'Task should have one of`,
    'a task with neither command nor executor: TASK_ERROR',
    'a task with command and executor: TASK_ERROR',
  ),
  fault(
    task,
    `  durationsError(task) ??\n`,
    ``,
    'a kill policy with a negative grace period: TASK_ERROR',
    'a negative max_completion_time: TASK_ERROR',
  ),
  fault(
    command,
    `if (error !== undefined) return error;\n  }\n  return undefined;`,
    `void error;\n  }\n  return undefined;`,
    'an environment variable without value: TASK_ERROR',
    'a secret environment variable without secret: TASK_ERROR',
  ),
  fault(
    task,
    ` ??\n  limitsError(task);`,
    `;`,
    'a cpu limit below the request: TASK_ERROR',
    'a limit of something else than cpus and mem: TASK_ERROR',
  ),
  fault(task, ` ?? shareCgroupsError(task)`, ``, 'share_cgroups false outside of a task group: TASK_ERROR'),
  fault(
    task,
    `if (!containsAllocated(available, total))`,
    `if (false)`,
    'more than was offered: TASK_ERROR',
    'ports that were not offered: TASK_ERROR',
    'a task that is too much beside the one before it: TASK_ERROR',
  ),
  fault(
    task,
    `if (framework.tasks.has(id)) return`,
    `if (false) return`,
    'an id that a task has already: TASK_ERROR, and the other goes on',
  ),
  fault(
    task,
    `if (task.agent_id.value !== agent.id) return`,
    `if (false) return`,
    'a task for another agent than the offer is of: TASK_ERROR',
  ),
  fault(
    'master/domain/operations/refusals.ts',
    `for (const { task_id, agent_id } of tasks)`,
    `for (const { task_id, agent_id } of tasks.slice(0, 1))`,
    'an invalid resource makes all tasks of its LAUNCH invalid',
  ),
  fault(accept, `operation.id === undefined ? undefined :`, `true ? undefined :`, 'an operation id on LAUNCH: TASK_ERROR'),

  fault(
    'master/domain/operations/launch.ts',
    `accepted.remaining = subtract(accepted.remaining, addTask(accepted, task));`,
    `accepted.remaining = subtract(accepted.remaining, addTask(accepted, task)).slice(1);`,
    'three tasks on one offer run, the rest of the offer is offered again',
  ),
  fault(
    accept,
    `call.filters ?? {}, turn.now`,
    `undefined, turn.now`,
    'the rest of an offer is refused for as long as ACCEPT says',
    'ACCEPT without operations declines',
  ),
  fault(offers, `return 'No offers specified'`, `return undefined`, 'ACCEPT without offers: TASK_DROPPED'),
  fault(
    accept,
    `accepted.remaining = add(accepted.remaining, offer.resources);`,
    `accepted.remaining = offer.resources;`,
    'two offers of one agent make one task',
  ),
  fault(filters, `if (!contains(filter.resources, resources)) return false;`, ``, 'what a task held is offered again when it has ended'),
  fault(
    'master/domain/remove-framework.ts',
    `applyStatus(master, task, removedStatus(framework, task, turn.now), undefined, turn.now);`,
    ``,
    'what a framework held when it is torn down goes to others',
  ),

  fault(
    filters,
    `if (ofRole === undefined || filters === undefined) return false;`,
    `if (ofRole === undefined || filters === undefined || now > 0) return false;`,
    'refuse_seconds keeps the agent away until REVIVE',
    'without filters an agent is refused for 5 seconds',
  ),
  fault(filters, `Math.max(seconds * 1000,`, `Math.max(seconds * 10_000,`, 'refuse_seconds over, the agent is offered again'),
  fault(filters, `return seconds === 0 ? 0 :`, `return seconds === 0 ? 10_000 :`, 'refuse_seconds 0 leaves no filter'),
  fault(filters, `asked < 0 || Number.isNaN(asked)`, `Number.isNaN(asked)`, 'a negative refuse_seconds counts as the default'),
  fault(
    suppression,
    `framework.suppressedRoles.add(role);\n  updateStanding(master, framework);`,
    `void role;`,
    'SUPPRESS: no offers until REVIVE',
  ),
  fault(
    'master/domain/framework-options.ts',
    `framework.suppressedRoles = new Set(suppressedRoles);`,
    ``,
    'SUBSCRIBE with suppressed_roles: no offers until REVIVE of the role',
  ),
  fault(
    suppression,
    `roles.length === 0 ? framework.roles : roles) framework.suppressedRoles.add(role);`,
    `framework.roles) framework.suppressedRoles.add(role);`,
    'SUPPRESS of one role leaves the others',
  ),
  fault(
    suppression,
    `  roles.every((role) => framework.roles.includes(role));`,
    `  roles.length === 0 || framework.roles.push(...roles) > 0 || true;`,
    'REVIVE and SUPPRESS of a role that the framework has not are ignored',
  ),
  fault(
    filters,
    `const ofRole = framework.filters.get(role);\n  const filters`,
    `const ofRole = ((globalThis as { first?: FrameworkRecord }).first ??= framework).filters.get(role);\n  const filters`,
    'what one framework refused is offered to another',
  ),
  fault(subscription, `  framework.filters.clear();\n`, ``, 'the filters of a framework are gone when it subscribes again after a cut'),
  fault(
    subscription,
    `for (const offer of [...framework.offers.values()]) rescindOffer(master, offer, turn);`,
    ``,
    'offers of a framework that is cut go to others',
  ),
  fault(
    filters,
    `const own = framework.info.offer_filters?.[role]?.min_allocatable_resources;`,
    `const own = undefined as Minimum | undefined;`,
    'min_allocatable_resources of a role: no smaller offers',
  ),
  fault('master/domain/scheduler-calls.ts', `    case 'REQUEST':\n`, ``, 'REQUEST changes nothing'),
];
