#!/usr/bin/env node
// Turns .proto files into TypeScript modules, one a package: the reflection descriptor that protobufjs reads at run time,
// and types of the messages in Mesos's JSON form (field names as in the .proto, enums by name, bytes as base64, 64-bit
// integers as numbers). One form serves both encodings, so the rest of the code never sees which one is on the wire.
import protobuf from 'protobufjs';
import { loadProto, writeGenerated } from './proto-files.mjs';

/** `own`: the proto packages whose types the module declares; others are imported from `foreign`. */
const modules = [
  { entry: 'mesos/v1/scheduler/scheduler.proto', own: ['mesos.v1'], exactTimes: true, out: 'packages/mesos/src/generated/protocol.ts' },
  // The local cluster shares the .proto files with packages/mesos and nothing else, so that one cannot hide the other's mistakes.
  {
    entry: ['mesos/v1/scheduler/scheduler.proto', 'mesos/v1/operator.proto'],
    own: ['mesos.v1'],
    out: 'packages/local-cluster/src/generated/protocol.ts',
  },
  ...['master', 'agent'].map((server) => ({
    entry: `mesos/v1/${server}/${server}.proto`,
    own: [`mesos.v1.${server}`, 'mesos.v1.maintenance', 'mesos.v1.quota', 'mesos.v1.allocator', 'google.protobuf'],
    foreign: { 'mesos.v1': './protocol.js' },
    out: `packages/local-cluster/src/generated/${server}-protocol.ts`,
  })),
  {
    entry: 'streams_on_mesos/v1/messages.proto',
    own: ['streams_on_mesos.v1'],
    foreign: { 'mesos.v1': '@streams-on-mesos/mesos' },
    out: 'packages/messages/src/generated/protocol.ts',
  },
];

const isWithin = (name, scope) => name === scope || name.startsWith(`${scope}.`);

/** The proto package of a type: the innermost enclosing namespace that is no message. */
const packageOf = (type) => {
  let space = type.parent;
  while (space instanceof protobuf.Type) space = space.parent;
  return space.fullName.slice(1);
};

const scalars = {
  double: 'number',
  float: 'number',
  int32: 'number',
  uint32: 'number',
  sint32: 'number',
  fixed32: 'number',
  sfixed32: 'number',
  int64: 'number',
  uint64: 'number',
  sint64: 'number',
  fixed64: 'number',
  sfixed64: 'number',
  bool: 'boolean',
  string: 'string',
  bytes: 'string',
};

const typeOf = (field, { own, exactTimes }) => {
  const resolved = field.resolvedType;
  // In nanoseconds since 1970 every time is above 2^53; as a number it would be rounded.
  if (exactTimes && field.fullName === '.mesos.v1.TimeInfo.nanoseconds') return 'number | string';
  if (!resolved) return scalars[field.type];
  const home = packageOf(resolved);
  const local = resolved.fullName.slice(home.length + 2);
  if (!own.some((scope) => isWithin(home, scope))) return `mesos.${local}`;
  return isShadowed(field, resolved, local.split('.')[0]) ? `Outer.${local}` : local;
};

/** Within Call, `Request` is Call.Request, and not the message beside Call. */
const isShadowed = (field, resolved, name) => {
  for (let type = field.parent; type instanceof protobuf.Type; type = type.parent) {
    const nested = type.nested?.[name];
    if (nested !== undefined) return !isWithin(resolved.fullName, nested.fullName);
  }
  return false;
};

const declare = (type, module, depth) => {
  const pad = '  '.repeat(depth);
  const keyword = depth === 0 ? 'export ' : 'export ';
  if (type instanceof protobuf.Enum) {
    const names = Object.keys(type.values).map((name) => `'${name}'`);
    return `${pad}${keyword}type ${type.name} = ${names.join(' | ')};\n`;
  }
  const fields = type.fieldsArray.map((field) => {
    const element = typeOf(field, module);
    const shape = field.map ? `Record<string, ${element}>` : field.repeated ? `${element}[]` : element;
    return `${pad}  ${field.name}${field.required ? '' : '?'}: ${shape}${field.required ? '' : ' | undefined'};\n`;
  });
  const nested = type.nestedArray.map((inner) => declare(inner, module, depth + 1)).join('');
  return (
    `${pad}${keyword}interface ${type.name} {\n${fields.join('')}${pad}}\n` +
    (nested === '' ? '' : `${pad}${depth === 0 ? 'export declare namespace' : 'export namespace'} ${type.name} {\n${nested}${pad}}\n`)
  );
};

const declarations = (space, module) =>
  space.nestedArray
    .map((child) => {
      if (child instanceof protobuf.Type || child instanceof protobuf.Enum)
        return module.own.some((scope) => isWithin(packageOf(child), scope)) ? declare(child, module, 0) : '';
      return declarations(child, module);
    })
    .join('');

for (const module of modules) {
  const root = loadProto(module.entry);
  const imports = Object.values(module.foreign ?? {}).map((from) => `import type * as mesos from '${from}';\n`);
  const declared = declarations(root, module);
  if (declared.includes('Outer.')) imports.push(`import type * as Outer from './protocol.js';\n`);
  const text =
    `// Made by scripts/generate-protocol.mjs from ${module.entry}; not kept in git.\n` +
    imports.join('') +
    `\n${declared}\n` +
    `export const protocol: Record<string, unknown> = ${JSON.stringify(root.toJSON().nested)};\n`;
  writeGenerated(module.out, text);
}
