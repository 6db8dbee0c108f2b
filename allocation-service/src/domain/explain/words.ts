import type { Constraint } from '@streams-on-mesos/messages';
import type { Refusal } from '../matching/feasibility.js';
import type { Remedy } from './explanation.js';
import type { Shortage } from './remedies.js';

const UNITS: Readonly<Record<string, string>> = { cpus: 'cpus', mem: 'MB of memory', disk: 'MB of disk', gpus: 'GPUs', ports: 'ports' };

export const constraintText = ({ field, operator, value }: Constraint): string =>
  [field, operator, ...(value === undefined || value === '' ? [] : [value])].join(' ');

const shortageText = ({ reason, needed, offered }: Shortage): string =>
  `too few ${UNITS[reason]}: ${needed} are needed, at best ${offered} were left`;

/** What is in the way, of one offer or of the one that came closest. */
export const refusalText = (refusal: Refusal, now: number): string => {
  switch (refusal.reason) {
    case 'cpus':
    case 'mem':
    case 'disk':
    case 'gpus':
      return shortageText(refusal);
    case 'ports':
      return refusal.offered < refusal.needed
        ? shortageText(refusal)
        : `the ports asked for by number are not among the ${refusal.offered} that were left`;
    case 'constraint':
      return `the constraint "${constraintText(refusal.constraint)}" does not hold`;
    case 'reserved':
      return `there would be enough with what is reserved for ${refusal.roles.join(', ')}`;
    case 'revocable':
      return 'there would be enough with revocable resources, which the request does not accept';
    case 'role':
      return `offered to the role ${refusal.offered}, the request is for ${refusal.needed}`;
    case 'avoided':
      return `the agent is avoided since a task died there early, last ${Math.round((now - refusal.since) / 1000)} s ago`;
    case 'maintenance':
      return `the agent is in maintenance or soon will be (from ${new Date(refusal.start).toISOString()})`;
    case 'alone':
      return `on the agent ${refusal.tasks === 1 ? 'is 1 task' : `are ${refusal.tasks} tasks`} of this framework, and the request or one of them wants to be alone`;
    case 'licence':
      return `of the licence ${refusal.licence.name} fewer than ${refusal.licence.count} are left`;
    case 'earmarked-for-another':
      return 'the agent is earmarked for a request that comes before and has waited for long';
    case 'back-off':
      return `its tasks died early: nothing of it is launched for another ${Math.ceil((refusal.until - now) / 1000)} s`;
  }
};

const remedyText = (remedy: Remedy): string => {
  switch (remedy.change) {
    case 'reduce':
      return `reduce ${remedy.quantity} ${remedy.from === 0 ? '' : `from ${remedy.from} `}to ${remedy.to}`;
    case 'any-ports':
      return remedy.ports === 1 ? 'take any port' : `take any ${remedy.ports} ports`;
    case 'drop-constraint':
      return `drop constraint #${remedy.number} (${constraintText(remedy.constraint)})`;
    case 'accept-revocable':
      return 'accept revocable resources';
    case 'share-agent':
      return 'share the agent with other tasks (no alone_on_agent)';
    case 'use-role':
      return `ask for the role ${remedy.role}`;
    case 'raise-licence':
      return `raise the licences "${remedy.name}" from ${remedy.from} to ${remedy.to} in the scaling config`;
    case 'return-agent':
      return `return the avoided agent ${remedy.agent_id}`;
    case 'raise-priority':
      return `raise the priority from ${remedy.from} to ${remedy.to}`;
    case 'wait':
      return `wait ${remedy.seconds} s${remedy.until === 'backed-off' ? '' : ' (agents that are avoided or near maintenance are used when no others have room for so long)'}`;
  }
};

/** `host`: where it fits then; undefined: offers are asked for then. */
export const proposalText = (remedies: readonly Remedy[], host: string | undefined): string =>
  `${remedies.map(remedyText).join(', and ')}: then ${host === undefined ? 'offers are asked for' : `one more fits on ${host}`}`;
