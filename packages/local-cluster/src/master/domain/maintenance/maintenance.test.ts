import { describe, expect, it } from 'vitest';
import type { MachineId, MaintenanceSchedule } from './records.js';
import { TestMaster } from '../testing/master.js';
import { isOnDownMachine } from './machines.js';
import { maintenanceSchedule, updateSchedule } from './schedule.js';
import { maintenanceStatus } from './status.js';
import { startMaintenance, stopMaintenance } from './transitions.js';

const unavailability = { start: { nanoseconds: 5 }, duration: { nanoseconds: 7 } };
const machine = (name: string): MachineId => ({ hostname: name, ip: name });
const scheduleOf = (...names: string[]): MaintenanceSchedule =>
  names.length === 0 ? {} : { windows: [{ machine_ids: names.map(machine), unavailability }] };

const A = '127.0.0.11';
const B = '127.0.0.12';

class Maintained extends TestMaster {
  schedule(...names: string[]): string | undefined {
    return this.turn((turn) => updateSchedule(this.state, scheduleOf(...names), turn));
  }

  down(...names: string[]): string | undefined {
    return this.turn((turn) => startMaintenance(this.state, names.map(machine), turn));
  }

  up(...names: string[]): string | undefined {
    return this.turn((turn) => stopMaintenance(this.state, names.map(machine), turn));
  }

  types(name: string): string[] {
    return (this.events.get(name) ?? []).map(({ type }) => type ?? '');
  }

  asked(name: string) {
    return (this.events.get(name) ?? []).flatMap(({ inverse_offers }) => inverse_offers?.inverse_offers ?? []);
  }

  answer(name: string, type: 'ACCEPT' | 'DECLINE', refuse_seconds = 0): void {
    const body = { inverse_offer_ids: this.asked(name).map(({ id }) => id), filters: { refuse_seconds } };
    if (type === 'ACCEPT') this.call(name, { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers: body });
    else this.call(name, { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers: body });
  }
}

/** One framework with a task on B. */
const withTask = (): Maintained => {
  const master = new Maintained();
  master.agent(B);
  master.framework('f');
  master.launch('f', 't', 1, 32, { refuse_seconds: 0 });
  master.cycle();
  return master;
};

describe('a schedule', () => {
  it('rescinds all offers, of other machines too, and offers again with the unavailability', () => {
    const master = new Maintained();
    master.agent(A);
    master.agent(B);
    master.framework('f');
    const before = master.types('f').length;
    expect(master.schedule(B)).toBeUndefined();
    expect(master.types('f').slice(before)).toEqual(['RESCIND', 'RESCIND', 'OFFERS', 'INVERSE_OFFERS']);
    expect(new Map(master.open('f').map((offer) => [offer.hostname, offer.unavailability]))).toEqual(
      new Map([
        [A, undefined],
        [B, unavailability],
      ]),
    );
    expect(maintenanceSchedule(master.state)).toEqual(scheduleOf(B));
    master.schedule();
    expect(master.open('f').map((offer) => offer.unavailability)).toEqual([undefined, undefined]);
    expect(maintenanceSchedule(master.state)).toEqual({});
  });

  it.each<[string, MaintenanceSchedule]>([
    ['List of machines in the maintenance window is empty', { windows: [{ machine_ids: [], unavailability }] }],
    [`Both 'hostname' and 'ip' for a machine are empty`, { windows: [{ machine_ids: [{ hostname: '' }], unavailability }] }],
    ['Failed to parse IPv4: 1.2.3', { windows: [{ machine_ids: [{ ip: '1.2.3' }], unavailability }] }],
    [
      `Machine '{"hostname":"a"}' appears more than once in the schedule`,
      { windows: [{ machine_ids: [{ hostname: 'a' }, { hostname: 'a' }], unavailability }] },
    ],
    [
      `Unavailability 'duration' is negative`,
      { windows: [{ machine_ids: [machine(A)], unavailability: { ...unavailability, duration: { nanoseconds: -1 } } }] },
    ],
  ])('is refused: %s', (text, schedule) => {
    const master = new Maintained();
    expect(master.turn((turn) => updateSchedule(master.state, schedule, turn))).toBe(text);
    expect(maintenanceSchedule(master.state)).toEqual({});
  });

  it('holds for machines by hostname and address, the hostname in any case', () => {
    const master = new Maintained();
    master.agent(A, undefined, '', { hostname: 'Host' });
    master.framework('f');
    const schedule = (id: MachineId) =>
      master.turn((turn) => updateSchedule(master.state, { windows: [{ machine_ids: [id], unavailability }] }, turn));
    schedule({ hostname: 'hOST', ip: A });
    expect(master.open('f')[0]?.unavailability).toEqual(unavailability);
    schedule({ hostname: 'Host' });
    expect(master.open('f')[0]?.unavailability).toBeUndefined();
  });
});

describe('inverse offers', () => {
  it('go to frameworks that have something there, once, and the answer is remembered', () => {
    const master = withTask();
    master.framework('idle', {}, ['*']);
    master.schedule(B);
    expect(master.asked('f').map(({ agent_id, unavailability: when }) => [agent_id?.value, when])).toEqual([['m-S0', unavailability]]);
    expect(master.asked('idle')).toEqual([]);
    master.cycle(1_000);
    expect(master.asked('f').length).toBe(1);
    expect(maintenanceStatus(master.state)).toEqual({ draining_machines: [{ id: machine(B) }] });
    master.answer('f', 'DECLINE', 3600);
    const statuses = [{ status: 'DECLINE', framework_id: { value: 'm-0000' }, timestamp: { nanoseconds: master.now * 1_000_000 } }];
    expect(maintenanceStatus(master.state)).toEqual({ draining_machines: [{ id: machine(B), statuses }] });
  });

  it('come again in the next cycle after an answer without a filter; a filter holds them off', () => {
    const master = withTask();
    master.schedule(B);
    master.answer('f', 'ACCEPT');
    master.cycle(1_000);
    expect(master.asked('f').length).toBe(2);
    master.answer('f', 'ACCEPT', 10);
    master.cycle(9_999);
    expect(master.asked('f').length).toBe(2);
    master.cycle(1);
    expect(master.asked('f').length).toBe(3);
  });

  it('a filter ends with REVIVE and with a new schedule', () => {
    const master = withTask();
    master.schedule(B);
    master.answer('f', 'DECLINE', 3600);
    master.call('f', { type: 'REVIVE' });
    expect(master.asked('f').length).toBe(2);
    master.answer('f', 'DECLINE', 3600);
    master.schedule(B);
    expect(master.asked('f').length).toBe(3);
  });

  it('are rescinded when the schedule changes', () => {
    const master = withTask();
    master.schedule(B);
    const [first] = master.asked('f');
    master.schedule();
    expect(
      (master.events.get('f') ?? []).flatMap(({ rescind_inverse_offer: rescind }) => (rescind ? [rescind.inverse_offer_id] : [])),
    ).toEqual([first?.id]);
    expect([master.state.inverseOffers.size, master.state.maintenanceAnswers.size]).toEqual([0, 0]);
  });
});

describe('machines', () => {
  it('go down from DRAINING: agents end, tasks are lost; and up again', () => {
    const master = withTask();
    expect(master.down(B)).toBe(`Machine '{"hostname":"${B}","ip":"${B}"}' is not in DRAINING mode and cannot be brought down`);
    master.schedule(B);
    expect(master.down(B)).toBeUndefined();
    const statuses = (master.events.get('f') ?? []).flatMap(({ update }) => (update === undefined ? [] : [update.status]));
    expect(statuses.map(({ state, message, reason }) => ({ state, message, reason }))).toEqual([
      { state: 'TASK_LOST', message: `Agent ${B} removed: Operator initiated 'Machine DOWN'`, reason: 'REASON_AGENT_REMOVED' },
    ]);
    expect(master.processMessages).toEqual([
      { to: `slave(1)@${B}:5051`, message: { type: 'shutdown', message: `Operator initiated 'Machine DOWN'` } },
    ]);
    expect(maintenanceStatus(master.state)).toEqual({ down_machines: [machine(B)] });
    expect(isOnDownMachine(master.state, { hostname: B, ip: B })).toBe(true);
    master.agent(B);
    expect(master.state.agents.size).toBe(0);
    expect(master.schedule()).toBe(`Machine '{"hostname":"${B}","ip":"${B}"}' is deactivated and cannot be removed from the schedule`);
    expect(master.up(B)).toBeUndefined();
    expect(maintenanceSchedule(master.state)).toEqual({});
    master.agent(B);
    expect(master.open('f')[0]?.unavailability).toBeUndefined();
  });

  it('that nobody knows, or that are not down, are refused', () => {
    const master = new Maintained();
    expect(master.down()).toBe('List of machines is empty');
    expect(master.up(A)).toBe(`Machine '{"hostname":"${A}","ip":"${A}"}' is not part of a maintenance schedule`);
    master.schedule(A);
    expect(master.up(A)).toBe(`Machine '{"hostname":"${A}","ip":"${A}"}' is not in DOWN mode and cannot be brought up`);
  });
});
