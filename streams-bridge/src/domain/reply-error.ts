import type { Reply } from '@streams-on-mesos/messages';
import type { ProtocolError, ProtocolErrors } from './protocol-error.js';

/** Fields that the caller knows by another name; what it did not give itself keeps its own. */
const callersNames: Readonly<Record<string, string>> = {
  request_id: 'requestId',
  client_id: 'client.clientId',
  resource_ids: 'descriptors',
  count: 'info.count',
};

/** What an error of allocation-service is in the resource-manager protocol. */
export const protocolErrorOf = (error: Reply.Error, errors: ProtocolErrors): ProtocolError => {
  const field = error.field === undefined ? undefined : (callersNames[error.field] ?? error.field);
  switch (error.code) {
    case 'INVALID':
      return errors.invalid(error.message, field);
    case 'CONFLICT':
      return errors.conflict(error.message, field);
    case 'NOT_FOUND':
      return errors.notFound(error.message, field);
    case 'UNAVAILABLE':
    case 'DEADLINE_EXCEEDED':
      return errors.notAvailable();
    case 'INTERNAL':
      return errors.unexpected();
  }
};
