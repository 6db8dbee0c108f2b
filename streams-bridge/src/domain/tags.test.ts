import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError, ProtocolErrors } from './protocol-error.js';
import { quantitiesOf, type ResourceTags } from './tags.js';

const errors = new ProtocolErrors('mesos');
const defaults = { cpus: 2, mem: 4096 };
const sizes = (tags: ResourceTags) => quantitiesOf(tags, defaults, 'mesos', errors);
const tag = (name: string, properties?: Record<string, string | number>, type = 'PROPERTIES'): ResourceTags => ({
  names: [name],
  definitions: { [name]: { type, properties } },
});
const both = (a: ResourceTags, b: ResourceTags): ResourceTags => ({
  names: [...a.names, ...b.names],
  definitions: { ...a.definitions, ...b.definitions },
});
const refusal = (tags: ResourceTags) => {
  try {
    sizes(tags);
  } catch (error) {
    if (error instanceof ProtocolError) return { status: error.status, ...error.body() };
    throw error;
  }
  return undefined;
};

describe('tags', () => {
  it('default to 2 cores and 4096 MB', () => {
    expect(sizes({ names: [], definitions: {} })).toEqual({ cpus: 2, mem: 4096 });
    expect(sizes({ names: ['jmx', 'sws'], definitions: {} })).toEqual({ cpus: 2, mem: 4096 });
    expect(sizes(tag('plain', undefined, 'NONE'))).toEqual({ cpus: 2, mem: 4096 });
  });

  it('give cores and memory, as text or number, 0 included', () => {
    expect(sizes(tag('small', { cores: '0.5', memory: ' 1e3 ' }))).toEqual({ cpus: 0.5, mem: 1000 });
    expect(sizes(tag('all', { cores: 0, memory: '0' }))).toEqual({ cpus: 0, mem: 0 });
    expect(sizes(tag('half', { cores: 3 }))).toEqual({ cpus: 3, mem: 4096 });
  });

  it('give the largest of several, in any order', () => {
    const small = tag('small', { cores: 1, memory: 5000 });
    const wide = tag('wide', { cores: 4 });
    expect(sizes(both(small, wide))).toEqual({ cpus: 4, mem: 5000 });
    expect(sizes(both(wide, small))).toEqual({ cpus: 4, mem: 5000 });
  });

  it.each([
    [tag('t', { disk: 1 }), 'ERR_RM_UNSUPPORTED_TAG_ATTRIBUTE', 'CDISR6005E', ['mesos', 't', 'disk']],
    [tag('t', { constructor: 1 }), 'ERR_RM_UNSUPPORTED_TAG_ATTRIBUTE', 'CDISR6005E', ['mesos', 't', 'constructor']],
    [tag('t', { cores: 'many' }), 'ERR_RM_REQUIRES_NUMERIC_ATTRIBUTE', 'CDISR6007E', ['mesos', 't', 'cores', 'many']],
    [tag('t', { cores: '' }), 'ERR_RM_REQUIRES_NUMERIC_ATTRIBUTE', 'CDISR6007E', ['mesos', 't', 'cores', '']],
    [tag('t', { memory: '-1' }), 'ERR_RM_UNSUPPORTED_ATTRIBUTE_VALUE', 'CDISR6006E', ['mesos', 't', 'memory', '-1']],
    [tag('t', { memory: '1e400' }), 'ERR_RM_UNSUPPORTED_ATTRIBUTE_VALUE', 'CDISR6006E', ['mesos', 't', 'memory', '1e400']],
    [tag('t', { cores: 1 }, 'CUSTOM'), 'ERR_RM_UNSUPPORTED_TAG_DEF_TYPE', 'CDISR6004E', ['mesos', 't', 'CUSTOM']],
    [{ ...tag('t', { cores: 1 }), names: [] }, 'ERR_RM_TAG_NAME_UKNOWN', 'CDISR6009E', ['t']],
  ] as const)('refuse %j', (tags, key, code, args) => {
    expect(refusal(tags)).toMatchObject({ status: 422, exception: 'ResourceTagException', key, code, args });
  });

  it('make quantities that are finite and not negative, or a refusal, of anything', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('cores', 'memory'), fc.oneof(fc.string(), fc.double())), (properties) => {
        const tags = tag('t', properties);
        if (refusal(tags) !== undefined) return;
        const { cpus, mem } = sizes(tags);
        expect(Number.isFinite(cpus) && cpus >= 0 && Number.isFinite(mem) && mem >= 0).toBe(true);
      }),
    );
  });
});
