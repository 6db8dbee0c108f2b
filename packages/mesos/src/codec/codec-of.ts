import type { Encoding } from '../scheduler-client-settings.js';
import type { Codec } from './codec.js';
import { jsonCodec } from './json-codec.js';
import { protobufCodec } from './protobuf-codec.js';

export const codecOf = (encoding: Encoding): Codec => (encoding === 'json' ? jsonCodec : protobufCodec);
