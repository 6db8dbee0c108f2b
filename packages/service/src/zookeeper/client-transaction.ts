import type { Transaction } from 'node-zookeeper-client';
import { modeNumber } from './create-mode.js';
import type { CreateMode, ZooKeeperTransaction } from './session.js';

/** A transaction of the client library, with paths below the session's root. */
export class SessionTransaction implements ZooKeeperTransaction {
  #bytes = 0;

  constructor(
    private readonly transaction: Transaction,
    private readonly absolute: (path: string) => string,
    private readonly send: (bytes: number) => Promise<void>,
  ) {}

  check(path: string, version = -1): this {
    this.transaction.check(this.absolute(path));
    return this.#expect(version);
  }

  create(path: string, data: Buffer = Buffer.alloc(0), mode: CreateMode = 'persistent'): this {
    this.transaction.create(this.absolute(path), data, modeNumber(mode));
    this.#bytes += data.length;
    return this;
  }

  set(path: string, data: Buffer, version = -1): this {
    this.transaction.setData(this.absolute(path), data);
    this.#bytes += data.length;
    return this.#expect(version);
  }

  remove(path: string, version = -1): this {
    this.transaction.remove(this.absolute(path));
    return this.#expect(version);
  }

  commit(): Promise<void> {
    return this.send(this.#bytes);
  }

  /** The library takes version 0 for "any", so it is set here. */
  #expect(version: number): this {
    const operation = this.transaction.ops.at(-1);
    if (operation !== undefined) operation.version = version;
    return this;
  }
}
