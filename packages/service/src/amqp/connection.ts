import type { Body, Envelope, QueueSpec, Topology } from '@streams-on-mesos/messages';
import type { Registry } from 'prom-client';
import type { Logger } from '../log/logger.js';
import type { Delivery, PublishOptions } from './delivery.js';

export interface AmqpOptions {
  readonly url: string;
  readonly topology: Topology;
  readonly logger: Logger;
  /** Its abort closes the connection. */
  readonly signal: AbortSignal;
  /** Default 5: at most half the ZooKeeper session timeout. */
  readonly heartbeatSecs?: number;
  readonly metrics?: Registry;
}

export interface ConsumeOptions {
  /** How many messages may be in hand at a time. */
  readonly prefetch: number;
  /** Its abort closes the consumer's channel; what is in hand goes back to the queue. */
  readonly signal: AbortSignal;
}

export type DeliveryHandler = (delivery: Delivery) => Promise<void> | void;

/** A connection to RabbitMQ that reconnects by itself and then restores topology, consumers and reply queues. */
export class AmqpConnection {
  /** Returns at once and connects in the background. */
  static connect(_options: AmqpOptions): AmqpConnection {
    throw new Error('AmqpConnection is being built');
  }

  get connected(): boolean {
    return false;
  }

  /** The broker is short of memory or disk and takes no publishes. */
  get blocked(): boolean {
    return false;
  }

  /** Rejects when `signal` aborts or the connection is closed. */
  whenConnected(_signal?: AbortSignal): Promise<void> {
    return Promise.reject(new Error('AmqpConnection is being built'));
  }

  /** Called at each (re)connection, once everything is declared; at once when connected already. Returns how to stop that. */
  onConnected(_listener: () => void): () => void {
    throw new Error('AmqpConnection is being built');
  }

  onDisconnected(_listener: (reason: string) => void): () => void {
    throw new Error('AmqpConnection is being built');
  }

  /** Resolves once the broker has confirmed it and did not return it. @throws PublishError */
  publish(_queue: QueueSpec, _body: Body, _options?: PublishOptions): Promise<Envelope> {
    return Promise.reject(new Error('AmqpConnection is being built'));
  }

  /** To the reply queue that a delivery named. @throws PublishError, `returned` when the asker is gone */
  publishReply(_replyTo: string, _body: Body, _options?: PublishOptions): Promise<Envelope> {
    return Promise.reject(new Error('AmqpConnection is being built'));
  }

  /** To everybody who listens; nobody may. Never throws: a copy may get lost. */
  publishCopy(_body: Body, _options?: PublishOptions): void {
    throw new Error('AmqpConnection is being built');
  }

  consume(_queue: QueueSpec, _handler: DeliveryHandler, _options: ConsumeOptions): void {
    throw new Error('AmqpConnection is being built');
  }

  /** Opens an exclusive queue of its own, again under the same name after a reconnection. Resolves once it is there. */
  openReplyQueue(_handler: DeliveryHandler, _options: { readonly signal: AbortSignal }): Promise<string> {
    return Promise.reject(new Error('AmqpConnection is being built'));
  }

  /** Receives the copies published from now on, while connected. */
  bindCopies(_handler: DeliveryHandler, _options: { readonly signal: AbortSignal }): void {
    throw new Error('AmqpConnection is being built');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
