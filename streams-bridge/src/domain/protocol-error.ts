import { messageKeys, messageText, type MessageKey } from './message-keys.js';

/** The class that the caller's side throws for it. */
export type ExceptionName = 'ResourceManagerException' | 'ResourceTagException';

export interface ErrorBody {
  readonly exception: ExceptionName;
  readonly key: MessageKey;
  readonly code: string;
  readonly args: readonly string[];
  readonly field?: string;
  readonly message: string;
}

/** An answer of the resource-manager protocol that is no success. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';

  constructor(
    /** the HTTP status */
    readonly status: number,
    readonly exception: ExceptionName,
    readonly key: MessageKey,
    readonly args: readonly string[],
    readonly field?: string,
  ) {
    super(messageText(key, args));
  }

  body(): ErrorBody {
    return {
      exception: this.exception,
      key: this.key,
      code: messageKeys[this.key].code,
      args: this.args,
      ...(this.field === undefined ? {} : { field: this.field }),
      message: this.message,
    };
  }
}

/** Makes the errors of one resource manager, whose type is the first argument of most messages. */
export class ProtocolErrors {
  constructor(private readonly resourceType: string) {}

  /** Nothing was changed: `field` must be mended. */
  invalid(message: string, field?: string): ProtocolError {
    return this.withMessage(400, message, field);
  }

  notFound(message: string, field?: string): ProtocolError {
    return this.withMessage(404, message, field);
  }

  conflict(message: string, field?: string): ProtocolError {
    return this.withMessage(409, message, field);
  }

  /** allocation-service or the broker is away; the same request may be sent again. */
  notAvailable(): ProtocolError {
    return new ProtocolError(503, 'ResourceManagerException', 'ERR_RM_IS_NOT_AVAILABLE', [this.resourceType]);
  }

  unexpected(): ProtocolError {
    return new ProtocolError(502, 'ResourceManagerException', 'ERR_RM_UNEXPECTED_ERROR', [this.resourceType]);
  }

  /** `which`: in words, for who reads the arguments; the catalogue's text has no place for it. */
  managingResources(which: readonly string[] = []): ProtocolError {
    return new ProtocolError(409, 'ResourceManagerException', 'ERR_RM_ACTIVELY_MANAGING_RESOURCES', [this.resourceType, ...which]);
  }

  customCommandFailed(message: string): ProtocolError {
    return new ProtocolError(502, 'ResourceManagerException', 'ERR_CUSTOM_COMMAND_FAILED', [this.resourceType, message]);
  }

  masterNotAllocated(domainId: string): ProtocolError {
    return new ProtocolError(504, 'ResourceManagerException', 'ERR_RM_MASTER_RESOURCE_NOT_ALLOCATED', [domainId]);
  }

  tag(key: MessageKey, field: string, ...args: string[]): ProtocolError {
    return new ProtocolError(422, 'ResourceTagException', key, args, field);
  }

  private withMessage(status: number, message: string, field: string | undefined): ProtocolError {
    return new ProtocolError(status, 'ResourceManagerException', 'ERR_RM_UNEXPECTED_ERROR_WITH_MSG', [this.resourceType, message], field);
  }
}
