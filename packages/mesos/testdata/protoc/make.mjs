#!/usr/bin/env node
// Makes what lies beside it: node make.mjs <include folder of Mesos's sources> (README.md). Needs protoc.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const [include] = process.argv.slice(2);
const recordings = join(import.meta.dirname, '../../../../recordings');
const entry = 'mesos/v1/scheduler/scheduler.proto';
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(include, target);
root.loadSync(entry, { keepCase: true });
root.resolveAll();
const typeOf = (name) => root.lookupType(`mesos.v1.scheduler.${name}`);

/** protoc only warns of what is missing, as it does of what is deprecated. */
const protoc = (mode, name, input) => {
  const { status, stdout, stderr } = spawnSync('protoc', [`-I${include}`, `--${mode}=mesos.v1.scheduler.${name}`, entry], { input });
  return status === 0 && !stderr.includes('missing required') ? stdout : undefined;
};

const quoted = (bytes) => `"${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
const scalarText = (field, value) => {
  if (field.resolvedType) return String(value);
  if (field.type === 'string') return quoted(Buffer.from(value, 'utf8'));
  if (field.type === 'bytes') return quoted(Buffer.from(value, 'base64'));
  return String(value).replace('Infinity', 'inf');
};
const fieldText = (field, value) =>
  field.resolvedType instanceof protobuf.Type ? `${field.name} {\n${textOf(field.resolvedType, value)}}\n` : `${field.name}: ${scalarText(field, value)}\n`;
/** Mesos's JSON form as protobuf's text format. Types are Mesos's own. */
const textOf = (type, message) =>
  Object.entries(message)
    .flatMap(([name, value]) => {
      const field = type.fields[name];
      if (field === undefined) throw new Error(`${type.fullName} has no ${name}`);
      if (field.map) return Object.entries(value).map(([key, one]) => `${name} { key: "${key}" ${fieldText({ ...field, name: 'value', resolvedType: field.resolvedType }, one)} }\n`);
      return (field.repeated ? value : [value]).map((one) => fieldText(field, one));
    })
    .join('');

const encoded = (name, message) => {
  try {
    return protoc('encode', name, textOf(typeOf(name), message))?.toString('hex') ?? '-';
  } catch {
    return '-';
  }
};

const recordsOf = (stream) => {
  const records = [];
  for (let at = 0; at < stream.length; ) {
    const line = stream.indexOf('\n', at);
    const end = line + 1 + Number(stream.subarray(at, line).toString());
    records.push(stream.subarray(line + 1, end));
    at = end;
  }
  return records;
};

/** JSON.parse rounds integers above 2^53. */
const exact = (text) => JSON.parse(text.replace(/("nanoseconds":)(\d{16,})/g, '$1"$2"'));

for (const folder of readdirSync(recordings).filter((name) => /^(?!zookeeper).*\.(json|pb)$/.test(name))) {
  for (const file of readdirSync(join(recordings, folder)).filter((name) => name.endsWith('.recordio'))) {
    const stream = readFileSync(join(recordings, folder, file));
    if (!/^\d+\n/.test(stream.toString('latin1'))) continue;
    const out = join(import.meta.dirname, `${folder}.${file.replace('.recordio', '')}`);
    if (folder.endsWith('.pb')) writeFileSync(`${out}.txt`, recordsOf(stream).map((one) => protoc('decode', 'Event', one)).join('---\n'));
    else writeFileSync(`${out}.hex`, recordsOf(stream).map((one) => `${encoded('Event', exact(one.toString('utf8')))}\n`).join(''));
  }
  const lines = readFileSync(join(recordings, folder, 'exchange.jsonl'), 'utf8').split('\n').filter((line) => line !== '').map(exact);
  const calls = lines.flatMap(({ request }) => (request?.call === undefined ? [] : [request.call]));
  writeFileSync(join(import.meta.dirname, `${folder}.calls.hex`), calls.map((call) => `${encoded('Call', call)}\n`).join(''));
}

const surface = new Map();
const describe = (type) => {
  if (surface.has(type.fullName)) return;
  if (type instanceof protobuf.Enum) return void surface.set(type.fullName, Object.entries(type.values).map(([name, value]) => `${type.fullName}.${name} = ${value}`));
  surface.set(type.fullName, type.fieldsArray.map((field) => {
    const rule = field.map ? `map<${field.keyType}>` : field.repeated ? 'repeated' : field.required ? 'required' : 'optional';
    const preset = field.options?.default === undefined ? '' : ` [default = ${field.options.default}]`;
    return `${type.fullName}.${field.name} = ${field.id} ${rule} ${field.resolvedType?.fullName ?? field.type}${preset}`;
  }));
  for (const { resolvedType } of type.fieldsArray) if (resolvedType) describe(resolvedType);
};
for (const name of ['Call', 'Event']) describe(typeOf(name));
writeFileSync(join(import.meta.dirname, 'scheduler-api.txt'), `${[...surface.values()].flat().sort().join('\n')}\n`);
