#!/usr/bin/env node
// Turns .proto files into functions for Mesos's JSON form of messages (see generate-protocol.mjs), two a message: one reads and one
// writes protobuf, with nothing in between, no generic message object, no second pass. Of Mesos's own messages a third says whether
// a value is of that form already, as nearly all are. Written out instead of made at run time, so that it can be read,
// stepped through, and used where code may not be made from strings.
import protobuf from 'protobufjs';
import { loadProto, writeGenerated } from './proto-files.mjs';

/** `own`: the proto package whose messages the module reads and writes; Mesos's within others' are left to packages/mesos. */
const modules = [
  {
    entry: 'mesos/v1/scheduler/scheduler.proto',
    own: 'mesos.v1',
    roots: ['mesos.v1.scheduler.Call', 'mesos.v1.scheduler.Event', 'mesos.v1.MasterInfo'],
    imports: `import { namesOf, WireReader } from '../codec/wire-reader.js';\nimport { WireWriter } from '../codec/wire-writer.js';\n`,
    hasFormTests: true,
    out: 'packages/mesos/src/generated',
  },
  {
    entry: 'streams_on_mesos/v1/messages.proto',
    own: 'streams_on_mesos.v1',
    roots: ['streams_on_mesos.v1.Envelope'],
    imports:
      `import * as mesos from '@streams-on-mesos/mesos/wire-format';\n` +
      `import { namesOf, WireReader, WireWriter } from '@streams-on-mesos/mesos/wire-format';\n`,
    hasFormTests: false,
    out: 'packages/messages/src/generated',
  },
];

const isWithin = (type, scope) => type.fullName.startsWith(`.${scope}.`);
/** `Offer.Operation` of `.mesos.v1.Offer.Operation`; scheduler's types have names of their own. */
const nameOf = (type) => type.fullName.replace(/^\.(mesos\.v1\.(scheduler\.)?|streams_on_mesos\.v1\.)/, '');
const idOf = (type) => nameOf(type).replaceAll('.', '_');

/** What a field's message is read or written by, `prefix` being the name of the function for its own package. */
const functionFor = ({ parent, resolvedType }, prefix) =>
  `${isWithin(resolvedType, 'mesos.v1') && !isWithin(parent, 'mesos.v1') ? 'mesos.' : ''}${prefix}_${idOf(resolvedType)}`;

const reachable = (types, scope) => {
  const found = new Set(types);
  for (const type of found)
    if (type instanceof protobuf.Type)
      for (const { resolvedType } of type.fieldsArray) if (resolvedType && isWithin(resolvedType, scope)) found.add(resolvedType);
  return [...found];
};

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };
const wireTypes = {
  double: WIRE.fixed64,
  fixed64: WIRE.fixed64,
  sfixed64: WIRE.fixed64,
  float: WIRE.fixed32,
  fixed32: WIRE.fixed32,
  sfixed32: WIRE.fixed32,
  string: WIRE.bytes,
  bytes: WIRE.bytes,
};
const wireType = (field) =>
  field.resolvedType instanceof protobuf.Type ? WIRE.bytes : field.resolvedType ? WIRE.varint : (wireTypes[field.type] ?? WIRE.varint);
const known = new Set(['double', 'float', 'int32', 'uint32', 'int64', 'uint64', 'bool', 'string', 'bytes']);

const pathOf = (field) => `${nameOf(field.parent)}.${field.name}`;

const readOne = (field) => {
  const { resolvedType, type } = field;
  if (resolvedType instanceof protobuf.Type) return `${functionFor(field, 'read')}(r, r.sub(end), depth + 1)`;
  if (resolvedType) return `r.enum(names_${idOf(resolvedType)}) as ${nameOf(resolvedType)}`;
  if (!known.has(type)) throw new Error(`${field.fullName}: no reader for ${type}`);
  if (type === 'string' || type === 'bytes') return `r.${type}(end)`;
  // Mesos's are exact, as decimal strings where a number would be rounded; our own are declared as numbers.
  return type.endsWith('int64') && !isWithin(field.parent, 'mesos.v1') ? `Number(r.${type}())` : `r.${type}()`;
};

const writeOne = (field, value, pad) => {
  const { resolvedType, type } = field;
  const tag = (field.id << 3) | wireType(field);
  if (resolvedType instanceof protobuf.Type)
    return `${pad}const at${field.id} = w.open(${tag});\n${pad}${functionFor(field, 'write')}(${value}, w);\n${pad}w.close(at${field.id});\n`;
  if (resolvedType) {
    const values = `values_${idOf(resolvedType)}`;
    return `${pad}w.tag(${tag}).${field.required ? `requiredEnum(${value}, ${values}, '${pathOf(field)}')` : `enum(${value}, ${values})`};\n`;
  }
  return `${pad}w.tag(${tag}).${type}(${value});\n`;
};

const readCase = (field) => {
  const tag = (field.id << 3) | wireType(field);
  if (field.map)
    return `      case ${(field.id << 3) | WIRE.bytes}:\n        r.entry((m.${field.name} ??= {}), end, (e) => ${readOne(field).replace(/\bend\b/, 'e')}${field.type === 'string' ? `, ''` : ''});\n        break;\n`;
  if (!field.repeated) return `      case ${tag}:\n        m.${field.name} = ${readOne(field)};\n        break;\n`;
  const one = `      case ${tag}:\n        (m.${field.name} ??= []).push(${readOne(field)});\n        break;\n`;
  if (wireType(field) === WIRE.bytes) return one;
  // Readers take both forms of a repeated number.
  return `${one}      case ${(field.id << 3) | WIRE.bytes}:\n        for (const stop = r.sub(end); r.position < stop; ) (m.${field.name} ??= []).push(${readOne(field)});\n        break;\n`;
};

const reader = (type) => {
  const name = nameOf(type);
  const missing = type.fieldsArray
    .filter(({ required }) => required)
    .map((field) => `  if (m.${field.name} === undefined) r.missing('${pathOf(field)}');\n`);
  return (
    `export function read_${idOf(type)}(r: WireReader, end: number, depth: number): ${name} {\n` +
    `  r.descend(depth);\n  const m = {} as ${name};\n` +
    `  while (r.position < end) {\n    const start = r.position;\n    const tag = r.uint32();\n    switch (tag) {\n` +
    type.fieldsArray.map(readCase).join('') +
    `      default:\n        r.keepUnknown(m, start, tag, end);\n    }\n  }\n  r.endOf(end);\n${missing.join('')}  return m;\n}\n`
  );
};

const writer = (type) => {
  const fields = [...type.fieldsArray]
    .sort((left, right) => left.id - right.id)
    .map((field) => {
      const value = `m.${field.name}`;
      if (field.map)
        return (
          `  for (const [key, value] of Object.entries(${value} ?? {})) {\n    const entry = w.open(${(field.id << 3) | WIRE.bytes});\n    w.tag(10).string(key);\n` +
          `${writeOne({ id: 2, type: field.type, resolvedType: field.resolvedType, parent: type }, 'value', '    ')}    w.close(entry);\n  }\n`
        );
      if (field.repeated) return `  for (const one of ${value} ?? []) {\n${writeOne(field, 'one', '    ')}  }\n`;
      if (field.required) return `  if (${value} === undefined) w.missing('${pathOf(field)}');\n${writeOne(field, value, '  ')}`;
      return `  if (${value} !== undefined) {\n${writeOne(field, value, '    ')}  }\n`;
    });
  return `export function write_${idOf(type)}(m: ${nameOf(type)}, w: WireWriter): void {\n${fields.join('')}  w.unknown(m);\n}\n`;
};

const enums = (type) =>
  `const values_${idOf(type)}: Readonly<Record<string, number>> = ${JSON.stringify(type.values)};\n` +
  `const names_${idOf(type)} = namesOf(values_${idOf(type)});\n`;

const scalarTests = {
  double: (value) => `Number.isFinite(${value})`,
  float: (value) => `Number.isFinite(${value})`,
  int32: (value) => `((${value} as number) | 0) === ${value}`,
  uint32: (value) => `(${value} as number) >>> 0 === ${value}`,
  int64: (value) => `isInteger64('int64', ${value})`,
  uint64: (value) => `isInteger64('uint64', ${value})`,
  bool: (value) => `typeof ${value} === 'boolean'`,
  string: (value) => `typeof ${value} === 'string'`,
  bytes: (value) => `isBase64(${value})`,
};

const testOne = ({ resolvedType, type }, value) => {
  if (resolvedType instanceof protobuf.Type) return `is_${idOf(resolvedType)}(${value}, depth + 1)`;
  if (resolvedType) return `names_${idOf(resolvedType)}.has(${value})`;
  return scalarTests[type](value);
};

const testCase = (field) => {
  const bad = (test) => `if (!(${test})) return false;\n`;
  const lines = field.map
    ? `        ${bad('isObject(v)')}        for (const key in v) ${bad(testOne(field, 'v[key]'))}`
    : field.repeated
      ? `        ${bad('Array.isArray(v) && v.length > 0')}        for (const one of v as unknown[]) ${bad(testOne(field, 'one'))}`
      : `        ${bad(testOne(field, 'v'))}`;
  return `      case '${field.name}':\n${lines}${field.required ? '        required++;\n' : ''}        break;\n`;
};

/** By for-in and not by Object.keys, which would make an array a message; an array has keys that no message has, or none. */
const test = (type) => {
  const required = type.fieldsArray.filter((field) => field.required).length;
  return (
    `function is_${idOf(type)}(m: unknown, depth: number): boolean {\n  if (!isObject(m) || depth > MAX_DEPTH) return false;\n` +
    (required > 0 ? '  let required = 0;\n' : '') +
    `  for (const name in m) {\n    const v = m[name];\n    if (v === undefined) continue;\n    switch (name) {\n` +
    `${type.fieldsArray.map(testCase).join('')}      default:\n        return false;\n    }\n  }\n` +
    `  return ${required > 0 ? `required === ${required}` : '!Array.isArray(m)'};\n}\n`
  );
};

const wireFormat = ({ entry, imports }, roots, types) => {
  const messages = types.filter((type) => type instanceof protobuf.Type);
  const names = [...new Set(types.map((type) => nameOf(type).split('.')[0]))].sort();
  const codecs = roots.map((type) => {
    const id = idOf(type);
    return (
      `\nexport const decode${id} = (bytes: Uint8Array): ${nameOf(type)} => read_${id}(new WireReader(bytes), bytes.length, 0);\n` +
      `\nexport const encode${id} = (message: ${nameOf(type)}): Uint8Array => {\n  const w = new WireWriter();\n  write_${id}(message, w);\n  return w.finish();\n};\n`
    );
  });
  return (
    `${header(entry)}${imports}import type { ${names.join(', ')} } from './protocol.js';\n\n` +
    types
      .filter((type) => type instanceof protobuf.Enum)
      .map(enums)
      .join('') +
    messages.map((type) => `\n${reader(type)}\n${writer(type)}`).join('') +
    codecs.join('')
  );
};

const formTests = ({ entry }, types) => {
  const messages = types.filter((type) => type instanceof protobuf.Type);
  return (
    header(entry) +
    `import { isObject, MAX_DEPTH, type FormTest } from '../codec/form-test.js';\n` +
    `import { isBase64, isInteger64 } from '../codec/scalar-form.js';\n\n` +
    types
      .filter((type) => type instanceof protobuf.Enum)
      .map((type) => `const names_${idOf(type)}: ReadonlySet<unknown> = new Set(${JSON.stringify(Object.keys(type.values))});\n`)
      .join('') +
    messages.map((type) => `\n${test(type)}`).join('') +
    `\n/** By the messages' full names. */\nexport const formTests: Readonly<Record<string, FormTest>> = {\n` +
    `${messages.map((type) => `  '${type.fullName}': is_${idOf(type)},\n`).join('')}};\n`
  );
};

const header = (entry) => `// Made by scripts/generate-codec.mjs from ${entry}; not kept in git.\n`;

for (const module of modules) {
  const root = loadProto(module.entry);
  const roots = module.roots.map((name) => root.lookupType(name));
  const types = reachable(roots, module.own);
  writeGenerated(`${module.out}/wire-format.ts`, wireFormat(module, roots, types));
  if (module.hasFormTests) writeGenerated(`${module.out}/form-tests.ts`, formTests(module, types));
}
