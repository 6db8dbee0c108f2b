import type { Readiness } from '@streams-on-mesos/service';
import type { DriverState } from './domain/driver-state.js';

/** What this process is doing, for those who ask over HTTP. */
export interface ServiceStatus {
  /** Of the leadership, while this instance leads. */
  state: DriverState | undefined;
  /** Epoch milliseconds by which the state's times were taken. */
  now: () => number;
  /** Why this leader is not subscribed and does not try to be, if so. */
  standsDown: string | undefined;
}

export interface Connections {
  readonly zookeeper: boolean;
  readonly broker: boolean;
  readonly brokerBlocked: boolean;
}

/** A standby is ready when it could take over; a leader when calls and offers can flow. */
export const readinessOf = ({ state, standsDown }: Pick<ServiceStatus, 'state' | 'standsDown'>, connections: Connections): Readiness => {
  const reasons = [
    ...(connections.zookeeper ? [] : ['ZooKeeper is not connected']),
    ...(connections.broker ? [] : ['RabbitMQ is not connected']),
    ...(connections.brokerBlocked ? ['RabbitMQ is blocking publishers: it is short of memory or disk'] : []),
    ...(standsDown === undefined ? [] : [standsDown]),
    ...(state !== undefined && state.subscription === undefined && standsDown === undefined ? ['not subscribed to Mesos'] : []),
  ];
  return { ready: reasons.length === 0, role: state === undefined ? 'standby' : 'leader', reasons };
};
