import { describe, expect, it } from 'vitest';
import { fillPlaceholders } from './placeholders.js';

describe('placeholders', () => {
  it('are filled in every string, however deep, and nowhere else', () => {
    const app = { id: '/${NAME}', cpus: 0.1, fetch: [{ uri: '${BASE}/${NAME}.tgz' }], env: { '${NAME}': null, on: true } };
    expect(fillPlaceholders(app, { NAME: 'a', BASE: 'http://h' })).toEqual({
      value: { id: '/a', cpus: 0.1, fetch: [{ uri: 'http://h/a.tgz' }], env: { '${NAME}': null, on: true } },
      missing: [],
    });
  });

  it('fall back to their default, also when the value is empty', () => {
    expect(fillPlaceholders('${A:-x}${B:-}${C:-z}', { C: '', B: 'b' })).toEqual({ value: 'xbz', missing: [] });
  });

  it('are named once when there is no value', () => {
    expect(fillPlaceholders(['${A}', '${A}${B}'], { B: '' }).missing).toEqual(['A', 'B']);
  });

  it('do not touch what the shell will expand, nor expand what a value holds', () => {
    expect(fillPlaceholders('run $HOST $PORT0 ${A}', { A: '${B}' })).toEqual({ value: 'run $HOST $PORT0 ${B}', missing: [] });
  });
});
