import { fault, type Mutant } from './mutant.js';

const conversions = 'resources/conversions.ts';
const inverse = 'master/domain/maintenance/inverse-offers.ts';

export const reservationAndMaintenanceMutants: readonly Mutant[] = [
  fault(
    conversions,
    `result = add(subtract(result, consumed.get(role) ?? []), converted.get(role) ?? []);`,
    `void converted;`,
    'RESERVE: the resources are offered as reserved for the role',
    'RESERVE and a task on what it reserved go in one ACCEPT',
  ),
  fault(
    'master/domain/allocator/allocator.ts',
    `const forRole = allocatableTo(available, role);`,
    `const forRole = available;`,
    'others are not offered what is reserved for a role',
  ),
  fault(
    'agent/agent-operations.ts',
    `state: 'OPERATION_FINISHED'`,
    `state: 'OPERATION_FAILED'`,
    'RESERVE with an id: OPERATION_FINISHED, again until it is acknowledged',
  ),
  fault(
    'master/domain/accept.ts',
    'Operation attempted with invalid offers: ',
    'Operation with invalid offers: ',
    'an operation with an offer that does not exist: OPERATION_ERROR',
  ),
  fault('master/domain/operations/refusals.ts', `if (id === undefined || type`, `if (type`, 'an operation without id is refused silently'),
  fault(conversions, 'does not contain', 'lacks', 'RESERVE of more than was offered: OPERATION_ERROR'),
  fault(
    'master/domain/validation/operation-validation.ts',
    `if (allocated !== reserved)`,
    `if (false)`,
    'RESERVE for a role that the framework has not: OPERATION_ERROR',
  ),

  fault(
    'master/domain/allocator/offers.ts',
    `...(unavailability === undefined ? {} : { unavailability }),`,
    ``,
    'maintenance ahead: offers are rescinded and come again with the unavailability',
  ),
  fault(
    inverse,
    `for (const [framework, list] of asked) send(master, framework, list, turn);`,
    ``,
    'maintenance ahead: who has something on the agent is asked to leave by an inverse offer',
  ),
  fault(inverse, `if (until > now) filtered`, `if (until < now) filtered`, 'an inverse offer that is declined comes again*'),
  fault(
    inverse,
    `answers.statuses.set(offer.frameworkId, status)`,
    `answers.statuses.clear()`,
    'ACCEPT_INVERSE_OFFERS is taken, and shows in the maintenance status',
  ),
  fault(
    'master/domain/maintenance/validation.ts',
    `if (machines.length === 0) return 'List of machines in the maintenance window is empty';`,
    ``,
    'a schedule of no machine is refused with 400',
  ),
  fault(
    'master/domain/deadlines.ts',
    `for (const offer of overdue(master.offers, turn.now - offerTimeoutMs)) rescindOffer(master, offer, turn);`,
    ``,
    'offers are rescinded after --offer_timeout, and offered again',
  ),
  fault('resources/roles.ts', `if (role.includes('//'))`, `if (role.includes('/'))`, 'a role within a role is offered like any other'),
];
