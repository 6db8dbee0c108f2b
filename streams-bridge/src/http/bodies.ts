import { z } from 'zod';
import type { ProtocolErrors } from '../domain/protocol-error.js';
import { allocateTypes } from '../domain/waits.js';

// The bodies of POST /resourcemgr/v1/<operation>. Fields that are not named here are ignored.

const id = z.string().min(1).max(256);
const text = z
  .string()
  .max(4096)
  .nullish()
  .transform((value) => value ?? undefined);
const longText = z.string().max(1_000_000);

const client = z.object({ clientId: id, clientName: text, domainId: text, zkConnect: text, installPath: text });

const tagDefinition = z.object({
  type: z.string().max(256),
  properties: z
    .record(z.string(), z.union([z.string().max(4096), z.number()]))
    .nullish()
    .transform((value) => value ?? undefined),
});

const tags = z
  .object({
    names: z.array(id).max(1000).default([]),
    definitions: z
      .record(z.string(), tagDefinition)
      .nullish()
      .transform((value) => value ?? {}),
  })
  .nullish()
  .transform((value) => value ?? { names: [], definitions: {} });

const descriptors = z.array(z.object({ nativeResourceId: id })).max(10_000);

/** Chosen by the caller so that a repeated request is the same request; one that is missing is made up and can't be repeated. */
const requestId = id.optional();

const withClient = z.object({ requestId, client });
const anyClient = z.object({ requestId, client: client.optional() });

export const bodies = {
  initialize: anyClient.extend({ type: text }),
  close: anyClient,
  validateStop: anyClient.extend({ force: z.boolean().optional() }),
  isFeatureSupported: anyClient.extend({ feature: id }),
  clientConnected: withClient,
  allocateMasterResource: withClient.extend({ info: z.object({ tags }) }),
  allocateResources: withClient.extend({
    info: z.object({ instanceId: text, count: z.number().int().min(0), type: z.enum(allocateTypes), tags }),
  }),
  releaseResources: withClient.extend({ descriptors: descriptors.optional(), all: z.boolean().optional() }),
  cancelPendingResources: withClient.extend({ descriptors }),
  validateTags: anyClient.extend({ tags }),
  customCommand: anyClient.extend({ commandData: longText }),
  error: anyClient.extend({ message: longText.default(''), stack: longText.nullish() }),
  trace: anyClient.extend({ message: longText.default(''), stack: longText.nullish() }),
} as const;

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'Invalid input: expected a whole number')
  .transform(Number);

/** The query of GET /resourcemgr/v1/notifications. */
export const notificationQuery = z.object({ after: wholeNumber.optional(), waitMs: wholeNumber.optional(), clientId: id.optional() });

/** The value that `schema` makes of what arrived. @throws ProtocolError 400 naming the field */
export const parseWith = <T>(schema: z.ZodType<T>, value: unknown, errors: ProtocolErrors): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw errors.invalid(`${field === '' ? 'the body' : field}: ${issue?.message ?? 'Invalid input'}`, field);
};
