/**
 * Where a decoded message keeps what its type does not know, so that it is still there when the message, or a copy made by
 * spreading it, is encoded again: the raw fields of protobuf, or the names of the fields of JSON, which stay where they are.
 */
export const unknownFields: unique symbol = Symbol('unknown fields');

export interface MayHaveUnknownFields {
  [unknownFields]?: Uint8Array | ReadonlySet<string>;
}
