import protobuf from 'protobufjs';

type Plain = Record<string, unknown>;

const scalars: Readonly<Record<string, unknown>> = {
  string: 'grüße',
  bytes: 'AAECAwQFBgcICQoLDA0ODw==',
  bool: true,
  double: 1.5,
  float: 0.5,
  int32: -7,
  uint32: 4_000_000_000,
  int64: '-1795225312724000001',
  uint64: '18446744073709551615',
};

const one = (field: protobuf.Field, path: readonly protobuf.Type[]): unknown => {
  const { resolvedType, type } = field;
  if (resolvedType instanceof protobuf.Type) return completeMessage(resolvedType, path);
  return resolvedType ? Object.keys(resolvedType.values).at(-1) : scalars[type];
};

/** A message with each field set, also each field of each message in it; one that holds itself does so once. In Mesos's JSON form. */
export const completeMessage = (type: protobuf.Type, path: readonly protobuf.Type[] = []): Plain => {
  const message: Plain = {};
  for (const field of [...type.fieldsArray].sort((a, b) => a.id - b.id)) {
    if (field.resolvedType instanceof protobuf.Type && [...path, type].includes(field.resolvedType)) continue;
    const value = one(field, [...path, type]);
    message[field.name] = field.map ? { cpus: value } : field.repeated ? [value, value] : value;
  }
  return message;
};

const written = (field: protobuf.Field, value: unknown): Buffer => {
  const { resolvedType, type, id } = field;
  const writer = protobuf.Writer.create();
  if (resolvedType instanceof protobuf.Type)
    return Buffer.from(
      writer
        .uint32((id << 3) | 2)
        .bytes(bytesFromTheFuture(resolvedType, value as Plain))
        .finish(),
    );
  const wire = resolvedType ? 0 : ((protobuf.types.basic as Readonly<Record<string, number>>)[type] ?? 2);
  writer.uint32((id << 3) | wire);
  if (resolvedType) writer.int32(resolvedType.values[String(value)] ?? 0);
  else if (type === 'bytes') writer.bytes(Buffer.from(String(value), 'base64'));
  else (writer[type as 'string'] as (one: unknown) => protobuf.Writer).call(writer, value);
  return Buffer.from(writer.finish());
};

/** Of a newer Mesos, where each message has a field 9999 that nobody knows here. */
export const bytesFromTheFuture = (type: protobuf.Type, message: Plain): Buffer => {
  const fields = Object.entries(message).flatMap(([name, value]) => {
    const field = type.fields[name];
    if (field === undefined) throw new Error(`${type.fullName} has no ${name}`);
    if (field.map) return mapWritten(field, value as Plain);
    return (field.repeated ? (value as unknown[]) : [value]).map((item) => written(field, item));
  });
  const unknown = protobuf.Writer.create()
    .uint32((9999 << 3) | 2)
    .string('new')
    .finish();
  return Buffer.concat([...fields, unknown]);
};

const mapWritten = (field: protobuf.Field, map: Plain): Buffer[] => {
  const ofValue = new protobuf.Field('value', 2, field.type);
  ofValue.resolvedType = field.resolvedType;
  return Object.entries(map).map(([key, value]) => {
    const entry = Buffer.concat([protobuf.Writer.create().uint32(10).string(key).finish(), written(ofValue, value)]);
    return Buffer.from(
      protobuf.Writer.create()
        .uint32((field.id << 3) | 2)
        .bytes(entry)
        .finish(),
    );
  });
};
