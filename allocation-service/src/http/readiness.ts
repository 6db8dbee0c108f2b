import type { AmqpConnection, Readiness, ZooKeeperConnection } from '@streams-on-mesos/service';
import { readiness } from '../domain/views/readiness.js';
import type { LeadingTerm } from '../leading-term.js';

/** Where this instance stands, as far as others may ask. */
export interface Standing {
  /** While it leads. */
  leading?: LeadingTerm | undefined;
  /** Once it was reached. */
  zookeeper?: Pick<ZooKeeperConnection, 'connected' | 'session'> | undefined;
  /** While another instance leads. */
  standby?: boolean;
  /** Why the last attempt to lead failed. */
  failure?: string | undefined;
}

/** Ready means: would do what it is for; a standby is for taking over. */
export const readinessOf = (standing: Standing, amqp: Pick<AmqpConnection, 'connected' | 'blocked'>): Readiness => {
  const { leading, zookeeper, failure } = standing;
  const reasons: string[] = [];
  if (zookeeper?.connected !== true) reasons.push('ZooKeeper is not connected: nothing can be made durable');
  if (!amqp.connected) reasons.push('RabbitMQ is not connected: nothing reaches offer-service and streams-bridge');
  else if (amqp.blocked) reasons.push('RabbitMQ is short of memory or disk and takes no messages');
  if (leading !== undefined) reasons.push(...leading.engine.glance(readiness).reasons);
  else if (failure !== undefined) reasons.push(`could not lead: ${failure}`);
  else if (reasons.length === 0 && standing.standby !== true) reasons.push('the election is not decided yet, or the state is being loaded');
  return { ready: reasons.length === 0, role: leading === undefined ? 'standby' : 'leader', reasons };
};
