// What is kept of machines and agents that the operator takes out of service.
import type { InverseOffer } from '../../../generated/protocol.js';

export type Unavailability = NonNullable<InverseOffer['unavailability']>;

/** Names a machine by what its agents say of themselves: their hostname and their address (mesos.proto, MachineID). */
export interface MachineId {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
}

/** An agent that the operator empties (mesos.proto, DrainInfo). */
export interface DrainRecord {
  state: 'DRAINING' | 'DRAINED';
  readonly maxGracePeriodMs: number | undefined;
  /** Once empty it is gone. */
  readonly markGone: boolean;
}

/** A machine that the maintenance schedule names, or that has or had agents (master.hpp, Machine). */
export interface MachineRecord {
  readonly id: MachineId;
  mode: 'UP' | 'DRAINING' | 'DOWN';
  unavailability: Unavailability | undefined;
  /** Ids of those that are registered. */
  readonly agents: Set<string>;
}

/** maintenance.proto, Schedule */
export interface MaintenanceSchedule {
  readonly windows?:
    readonly { readonly machine_ids?: readonly MachineId[] | undefined; readonly unavailability: Unavailability }[] | undefined;
}

/** What a framework answered to an inverse offer (allocator.proto, InverseOfferStatus). */
export interface InverseOfferStatus {
  readonly status: 'ACCEPT' | 'DECLINE';
  readonly framework_id: { readonly value: string };
  readonly timestamp: { readonly nanoseconds: number };
}

/** What frameworks were asked and said about an agent's maintenance (hierarchical.hpp, Slave::Maintenance); by framework. */
export interface MaintenanceAnswers {
  readonly outstanding: Set<string>;
  readonly statuses: Map<string, InverseOfferStatus>;
}
