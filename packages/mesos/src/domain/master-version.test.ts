import { describe, expect, it } from 'vitest';
import type { Call } from '../generated/protocol.js';
import { fitCall } from './master-version.js';

const framework_info = { user: 'u', name: 'n' };
const offer_constraints = { role_constraints: { r: { groups: [] } } };
const update: Call = { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info, offer_constraints } };
const subscribe: Call = { type: 'SUBSCRIBE', subscribe: { framework_info, offer_constraints, suppressed_roles: ['r'] } };

const features = (call: Call, version?: string) => fitCall(call, version).leftOut.map(({ feature }) => feature);

describe('a call for a master of a version', () => {
  it.each([
    ['1.5.0', ['UPDATE_FRAMEWORK'], undefined],
    ['1.8.10', ['UPDATE_FRAMEWORK'], undefined],
    ['1.9.0', ['offer constraints'], undefined],
    // Compared as text it would come before 1.9.
    ['1.10.0', ['offer constraints'], undefined],
    ['1.10.1-rc2', ['offer constraints'], undefined],
    ['1.11.0', [], offer_constraints],
    ['1.12.0-dev', [], offer_constraints],
    ['2.0.0', [], offer_constraints],
    [undefined, [], offer_constraints],
    ['unheard of', [], offer_constraints],
  ])('%s: UPDATE_FRAMEWORK leaves out %j', (version, left, constraints) => {
    expect(features(update, version)).toEqual(left);
    expect(fitCall(update, version).call?.update_framework?.offer_constraints).toEqual(constraints);
  });

  it('SUBSCRIBE keeps all but the constraints', () => {
    expect(fitCall(subscribe, '1.5.0').call).toEqual({ type: 'SUBSCRIBE', subscribe: { framework_info, suppressed_roles: ['r'] } });
    expect(fitCall(subscribe, '1.11.0').call).toEqual(subscribe);
  });

  it('any other call is what it was', () => {
    const revive: Call = { type: 'REVIVE', revive: { roles: [] } };
    expect(fitCall(revive, '1.5.0')).toEqual({ call: revive, leftOut: [] });
  });
});
