interface Change {
  readonly kind?: string;
  readonly id?: string;
  readonly at_ms?: number;
  readonly value?: unknown;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What of a record is worth a line. */
const detailsOf = (kind: string | undefined, value: Record<string, unknown>): string => {
  const text = (...names: readonly string[]): string =>
    names
      .map((name) => value[name])
      .filter((field) => typeof field === 'string' || typeof field === 'number')
      .join(' ');
  switch (kind) {
    case 'resource':
      return `${text('state', 'request_state')}${value['host'] === undefined ? '' : ` on ${text('host')}`}${text('message') === '' ? '' : `: ${text('message')}`}`;
    case 'request':
      return text('state');
    case 'task':
      return `${text('phase')} on agent ${text('agent_id')}`;
    case 'early-death':
      return 'a task died early there: the request avoids the agent';
    default:
      return JSON.stringify(value);
  }
};

/** One event of GET /api/v1/events as a line. */
export const describeEvent = (event: string, data: Change & Readonly<Record<string, unknown>>): string => {
  if (event === 'snapshot') {
    const counts = ['requests', 'resources', 'tasks'].map((name) => `${list(data[name]).length} ${name}`);
    return `all there is: ${counts.join(', ')}`;
  }
  const { kind, id, at_ms: at, value } = data;
  const time = at === undefined ? '' : `${new Date(at).toISOString()} `;
  const what = value === null || typeof value !== 'object' ? 'forgotten' : detailsOf(kind, value as Record<string, unknown>);
  return `${time}${kind ?? event} ${id ?? ''}: ${what}`;
};
