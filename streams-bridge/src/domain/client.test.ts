import { describe, expect, it } from 'vitest';
import { checkServedDomain, type ClientInfo, type ServedDomain } from './client.js';
import { ProtocolErrors } from './protocol-error.js';

const check = (client: Partial<ClientInfo>, served: ServedDomain) => (): void =>
  checkServedDomain({ clientId: 'c', ...client }, served, new ProtocolErrors('mesos'));

describe('the domain that is served', () => {
  it('is any unless it is configured', () => {
    expect(check({ domainId: 'D', zkConnect: 'z:2181' }, {})).not.toThrow();
    expect(check({}, { domainId: 'D', zkConnect: 'z:2181' })).not.toThrow();
    expect(check({ domainId: 'D', zkConnect: 'z:2181' }, { domainId: 'D', zkConnect: 'z:2181' })).not.toThrow();
  });

  it('is no other one', () => {
    expect(check({ domainId: 'Other' }, { domainId: 'D' })).toThrow(
      expect.objectContaining({
        status: 409,
        field: 'client.domainId',
        message: expect.stringContaining('STREAMS_DOMAIN_ID') as string,
      }) as Error,
    );
    expect(check({ zkConnect: 'other:2181' }, { zkConnect: 'z:2181' })).toThrow(
      expect.objectContaining({ status: 409, field: 'client.zkConnect' }) as Error,
    );
  });
});
