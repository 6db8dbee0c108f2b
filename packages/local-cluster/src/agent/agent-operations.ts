// RESERVE and UNRESERVE as the agent takes them (slave.cpp: applyOperation, operationStatusAcknowledgement): what it has changes at
// once, and that is told until acknowledged.
import { randomUUID } from 'node:crypto';
import type { OperationStatus } from '../generated/protocol.js';
import { convertTotal } from '../resources/conversions.js';
import type { ReportedOperation, ToAgent, ToMaster } from '../network/messages.js';
import type { Resources } from '../resources/resources.js';
import type { AgentCheckpoint } from './checkpoint/agent-checkpoint.js';
import type { ProcessLife } from './process-life.js';
import type { RetryIntervals } from './update-stream.js';

type ApplyOperation = Extract<ToAgent, { readonly type: 'apply-operation' }>;

interface PendingOperation extends ReportedOperation {
  retryMs: number;
  retry: NodeJS.Timeout | undefined;
}

export interface OperationOutlets {
  readonly intervals: RetryIntervals;
  readonly life: ProcessLife;
  readonly checkpoint: AgentCheckpoint;
  readonly agentId: () => string;
  readonly send: (message: ToMaster) => void;
}

export class AgentOperations {
  private readonly pending = new Map<string, PendingOperation>();
  private isPaused = true;

  constructor(
    public total: Resources,
    private readonly outlets: OperationOutlets,
  ) {}

  get isEmpty(): boolean {
    return this.pending.size === 0;
  }

  recover(total: Resources, operations: readonly ReportedOperation[]): void {
    this.total = total;
    for (const operation of operations)
      this.pending.set(operation.uuid, { ...operation, retryMs: this.outlets.intervals.minMs, retry: undefined });
  }

  apply({ uuid, frameworkId, info }: ApplyOperation): void {
    if (this.pending.has(uuid)) return;
    this.total = convertTotal(this.total, info);
    const latestStatus: OperationStatus = {
      ...(info.id === undefined ? {} : { operation_id: info.id }),
      state: 'OPERATION_FINISHED',
      uuid: { value: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64') },
      agent_id: { value: this.outlets.agentId() },
    };
    const operation: PendingOperation = {
      uuid,
      frameworkId,
      info,
      latestStatus,
      retryMs: this.outlets.intervals.minMs,
      retry: undefined,
    };
    this.pending.set(uuid, operation);
    this.save();
    this.send(operation);
  }

  acknowledge(operationUuid: string, statusUuid: string): void {
    const operation = this.pending.get(operationUuid);
    if (operation === undefined || operation.latestStatus.uuid?.value !== statusUuid) return;
    clearTimeout(operation.retry);
    this.pending.delete(operationUuid);
    this.save();
  }

  pause(): void {
    this.isPaused = true;
    for (const { retry } of this.pending.values()) clearTimeout(retry);
  }

  resume(): void {
    this.isPaused = false;
    for (const operation of this.pending.values()) {
      operation.retryMs = this.outlets.intervals.minMs;
      this.send(operation);
    }
  }

  reported(): ReportedOperation[] {
    return [...this.pending.values()].map(({ uuid, frameworkId, info, latestStatus }) => ({ uuid, frameworkId, info, latestStatus }));
  }

  private save(): void {
    this.outlets.checkpoint.saveResources({ total: this.total, operations: this.reported() });
  }

  private send(operation: PendingOperation): void {
    clearTimeout(operation.retry);
    if (this.isPaused) return;
    const { intervals, life, agentId, send } = this.outlets;
    operation.retry = life.after(operation.retryMs, () => this.send(operation));
    operation.retryMs = Math.min(operation.retryMs * 2, intervals.maxMs);
    const { uuid, frameworkId, latestStatus } = operation;
    send({ type: 'operation-status', agentId: agentId(), frameworkId, operationUuid: uuid, status: latestStatus });
  }
}
