import { z } from 'zod';
import { healthCheckProtocols, type Artifact } from '../domain/app-definition.js';
import type { AppUpdate } from '../domain/app-update.js';
import { schemaError } from './http-error.js';
import { unsupportedFields } from './unsupported-fields.js';

const longestText = 64 * 1024;
const int32 = z.int().min(0).max(2_147_483_647);
const text = z
  .string()
  .max(longestText)
  .refine((value) => !value.includes('\0'), 'must not hold a NUL character');
const someText = text.min(1);
const texts = z.record(z.string().regex(/^[^=\0]+$/, 'must not be empty or hold "="'), text);
const port = z.int().min(0).max(65_535);
const fraction = z.number().min(0).max(1);

const artifact = z.object({
  uri: someText,
  extract: z.boolean().default(true),
  executable: z.boolean().default(false),
  cache: z.boolean().default(false),
  destPath: someText.optional(),
});

const portDefinition = z.object({
  port: port.default(0),
  protocol: z.enum(['tcp', 'udp', 'udp,tcp']).default('tcp'),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/, 'must be letters, digits, "-" and "_", 63 at most')
    .optional(),
  labels: texts.default({}),
});

const healthCheck = z.object({
  protocol: z.enum(healthCheckProtocols).default('HTTP'),
  path: text.optional(),
  port: port.optional(),
  portIndex: port.optional(),
  command: z.object({ value: someText }).optional(),
  gracePeriodSeconds: int32.default(300),
  intervalSeconds: int32.default(60),
  timeoutSeconds: int32.default(20),
  maxConsecutiveFailures: int32.default(3),
  ignoreHttp1xx: z.boolean().default(false),
});

const constraint = z
  .array(z.string().max(1024))
  .min(2)
  .max(3)
  .transform((parts) => [parts[0] ?? '', parts[1] ?? '', parts[2]] as const);

const upgradeStrategy = z.object({ minimumHealthCapacity: fraction.default(1), maximumOverCapacity: fraction.default(1) });

const app = z
  .object({
    id: z.string(),
    cmd: someText,
    args: z.array(text),
    user: someText,
    env: texts,
    instances: int32,
    cpus: z.number().min(0.001),
    mem: z.number().min(0),
    disk: z.number().min(0),
    uris: z.array(someText),
    fetch: z.array(artifact),
    ports: z.array(port),
    portDefinitions: z.array(portDefinition),
    requirePorts: z.boolean(),
    healthChecks: z.array(healthCheck),
    labels: texts,
    constraints: z.array(constraint),
    backoffSeconds: int32,
    backoffFactor: z.number().min(1),
    maxLaunchDelaySeconds: int32,
    taskKillGracePeriodSeconds: int32,
    upgradeStrategy,
    killSelection: z.enum(['YOUNGEST_FIRST', 'OLDEST_FIRST']),
  })
  .partial();

/** Marathon goes by the ending of a `uri`; a `fetch` entry says it itself. */
const isArchive = (uri: string): boolean => /\.(tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip)$/.test(uri);

const toArtifact = (uri: string): Artifact => ({ uri, extract: isArchive(uri), executable: false, cache: false });

const appUpdate = z
  .preprocess(withoutNulls, z.looseObject({}).superRefine(unsupportedFields).pipe(app))
  .superRefine((request, context) => {
    if (request.uris?.length && request.fetch?.length) {
      context.addIssue({ code: 'custom', path: ['uris'], message: 'cannot specify both uris and fetch fields' });
    }
    if (request.ports && request.portDefinitions) {
      context.addIssue({ code: 'custom', path: ['ports'], message: 'cannot specify both ports and portDefinitions fields' });
    }
  })
  .transform(({ uris, ports, ...request }): AppUpdate => ({
    ...request,
    fetch: request.fetch ?? uris?.map(toArtifact),
    portDefinitions: request.portDefinitions ?? ports?.map((number) => ({ port: number, protocol: 'tcp', labels: {} })),
  }));

/** Older Marathons print null for what is not set, so null means absent. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

/** Throws HttpError. Fields that Marathon doesn't know are ignored, as it does. */
export function parseApp(body: unknown): AppUpdate {
  const result = appUpdate.safeParse(body);
  if (!result.success) throw schemaError(result.error);
  return result.data;
}

export function parseApps(body: unknown): AppUpdate[] {
  const result = z.array(appUpdate).max(1000).safeParse(body);
  if (!result.success) throw schemaError(result.error);
  return result.data;
}

export function parseTaskIds(body: unknown): string[] {
  const result = z.object({ ids: z.array(z.string()).max(10_000) }).safeParse(body);
  if (!result.success) throw schemaError(result.error);
  return result.data.ids;
}
