import type { ClientEvent, Maintenance } from '@streams-on-mesos/messages';
import { sameWindow } from '../../maintenance/window.js';
import type { Step } from '../../model.js';
import type { ResourceRecord } from '../../records.js';
import type { ModelJournal } from '../model/journal.js';
import { InvariantError } from './invariant-error.js';

/**
 * What one leader tells owners of maintenance: REVOKE_IMMINENT in the very write that says of which window the owner was told,
 * once for each, and only of what is ALLOCATED.
 */
export class MaintenanceWatch {
  readonly #told = new Map<string, Maintenance | undefined>();

  constructor(readonly journal: ModelJournal) {}

  onChanges(changes: Step['changes']): void {
    const warned = new Map<string, Maintenance | undefined>();
    for (const { table, value } of changes) {
      const event = table === 'event' ? (value as unknown as ClientEvent | null) : null;
      const resource = event?.resources?.[0];
      if (event?.kind !== 'REVOKE_IMMINENT' || resource === undefined) continue;
      if (resource.request_state !== 'REQUEST_ALLOCATED' || resource.ended_at_ms !== undefined)
        throw new InvariantError(`${resource.id} is ${resource.state} ${resource.request_state} and reported REVOKE_IMMINENT`);
      warned.set(resource.id, resource.maintenance);
    }
    for (const { table, key, value } of changes)
      if (table === 'resource' && value !== null) this.#onResource(key, value as unknown as ResourceRecord, warned);
  }

  #onResource(id: string, { maintenance, request }: ResourceRecord, warned: ReadonlyMap<string, Maintenance | undefined>): void {
    const before = this.#told.has(id) ? this.#told.get(id) : this.#durable(id);
    const window = maintenance?.window;
    this.#told.set(id, window);
    if (request === 'scaling') return;
    const isNew = window !== undefined && (before === undefined || !sameWindow(before, window));
    if (isNew === warned.has(id)) return;
    const text = JSON.stringify(window);
    throw new InvariantError(isNew ? `the owner of ${id} was not told of ${text}` : `the owner of ${id} was told twice of ${text}`);
  }

  #durable(id: string): Maintenance | undefined {
    const record = this.journal.records.get(`resource ${id}`)?.value as ResourceRecord | null | undefined;
    return record?.maintenance?.window;
  }
}
