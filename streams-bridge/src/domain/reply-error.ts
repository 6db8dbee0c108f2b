import type { Reply } from '@streams-on-mesos/messages';
import type { ProtocolError, ProtocolErrors } from './protocol-error.js';

/** What an error of allocation-service is in the resource-manager protocol. */
export const protocolErrorOf = (error: Reply.Error, errors: ProtocolErrors): ProtocolError => {
  switch (error.code) {
    case 'INVALID':
      return errors.invalid(error.message, error.field);
    case 'CONFLICT':
      return errors.conflict(error.message, error.field);
    case 'NOT_FOUND':
      return errors.notFound(error.message, error.field);
    case 'UNAVAILABLE':
    case 'DEADLINE_EXCEEDED':
      return errors.notAvailable();
    case 'INTERNAL':
      return errors.unexpected();
  }
};
