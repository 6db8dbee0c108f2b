import type { Attribute, DomainInfo, Resource, TaskStatus, Unavailability } from '@streams-on-mesos/mesos';

export interface ModelTask {
  readonly id: string;
  readonly agent: ModelAgent;
  /** The agent's id when the task was launched. */
  readonly agentId: string;
  readonly resources: readonly Resource[];
  /** It says of itself whether it is healthy. */
  readonly hasHealthCheck: boolean;
  /** What the master says of it, with how healthy it was. */
  state: TaskStatus['state'];
  healthy: boolean | undefined;
  /** It really runs, or may still start. */
  alive: boolean;
  /** Not yet acknowledged, the oldest first. */
  readonly updates: TaskStatus[];
  sentAt: number | undefined;
  /** It was told to end. */
  doomed: boolean;
}

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...more,
});
const ports = (begin: number, end: number): Resource => ({ name: 'ports', type: 'RANGES', ranges: { range: [{ begin, end }] } });
const reservedFor = (role: string): Partial<Resource> => ({ reservations: [{ type: 'STATIC', role }] });
const text = (name: string, value: string): Attribute => ({ name, type: 'TEXT', text: { value } });

/** Every agent has something that the others don't have. */
const special: readonly (readonly Resource[])[] = [
  [],
  [scalar('cpus', 2, { revocable: {} }), scalar('mem', 2048, { revocable: {} })],
  [scalar('cpus', 2, reservedFor('prod')), scalar('mem', 2048, reservedFor('prod'))],
  [scalar('gpus', 2)],
];

export class ModelAgent {
  id: string;
  readonly hostname: string;
  readonly resources: readonly Resource[];
  readonly attributes: Attribute[];
  readonly domain: DomainInfo;
  /** A maintenance window that its operator has scheduled. */
  unavailability: Unavailability | undefined;
  /** The network between it and the master works. */
  up = true;
  registered = true;
  /** Everything that is launched here dies soon. */
  bad: boolean;
  #boots = 0;

  constructor(index: number, bad: boolean) {
    this.id = `agent-${index}`;
    this.hostname = `host-${index}.example`;
    this.bad = bad;
    this.resources = [scalar('cpus', 8), scalar('mem', 8192), scalar('disk', 1000), ports(31_000, 31_005), ...(special[index] ?? [])];
    this.attributes = [text('rack', `rack-${index % 2}`)];
    const name = { region: { name: 'here' }, zone: { name: `zone-${index >> 1}` } };
    this.domain = { fault_domain: name };
  }

  reboot(): void {
    this.#boots += 1;
    this.id = `${this.id.split('.')[0]}.${this.#boots}`;
  }
}
