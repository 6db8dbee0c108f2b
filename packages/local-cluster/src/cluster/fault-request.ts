// What can be broken on purpose, and what a request for it looks like.

/** What a fault is about: `one` must be named, `any`: one, or all if none is named. */
interface FaultShape {
  readonly agent?: 'one' | 'any';
  readonly framework?: 'one';
  readonly master?: 'one';
  /** A whole number that must be given, and the least that it may be. */
  readonly number?: { readonly name: 'ms' | 'bytesPerSecond'; readonly least: number };
}

const shapes = {
  'commands-die': { agent: 'any' },
  'lose-agent': { agent: 'one' },
  'partition-agent': { agent: 'one' },
  'pause-agent': { agent: 'one' },
  'kill-agent': { agent: 'one' },
  'return-agent': { agent: 'one' },
  'renew-agent': { agent: 'one' },
  'withhold-offers': {},
  'rescind-offers': { agent: 'any' },
  'hold-updates': { agent: 'any' },
  'drop-updates': { agent: 'any' },
  'double-updates': { agent: 'any' },
  'delay-calls': { number: { name: 'ms', least: 1 } },
  'cut-stream': { framework: 'one' },
  'stall-stream': { framework: 'one' },
  'slow-stream': { framework: 'one', number: { name: 'bytesPerSecond', least: 1 } },
  'kill-master': { master: 'one' },
  'pause-master': { master: 'one' },
  'return-master': { master: 'one' },
} as const satisfies Record<string, FaultShape>;

export type FaultName = keyof typeof shapes;
export const faultNames = Object.keys(shapes) as readonly FaultName[];

export interface FaultRequest {
  readonly fault: FaultName;
  /** Id or hostname. */
  readonly agent?: string | undefined;
  /** Id of a subscribed framework. */
  readonly framework?: string | undefined;
  /** host:port, or `leader` */
  readonly master?: string | undefined;
  readonly ms?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
}

/** The request names nothing that exists or can be done; `message` says what there is. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

const textIn = (name: string, value: unknown, kind: 'one' | 'any' | undefined, fault: string): string | undefined => {
  // Who knows what there is says it of one that is missing.
  if (value === undefined) return undefined;
  if (kind === undefined) throw new FaultError(`${name}: ${fault} takes none, and it is ${JSON.stringify(value)}; leave it out`);
  if (typeof value === 'string' && value !== '') return value;
  throw new FaultError(`${name}: ${fault} needs a text here, and it is ${JSON.stringify(value)}`);
};

const numberIn = (name: 'ms' | 'bytesPerSecond', value: unknown, shape: FaultShape['number'], fault: string): number | undefined => {
  if (shape?.name !== name) {
    if (value === undefined) return undefined;
    throw new FaultError(`${name}: ${fault} takes none, and it is ${JSON.stringify(value)}; leave it out`);
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= shape.least && value <= 2 ** 31 - 1) return value;
  throw new FaultError(
    `${name}: ${fault} needs a whole number from ${shape.least} here, and it is ${value === undefined ? '(none given)' : JSON.stringify(value)}`,
  );
};

/** @throws FaultError naming the field, its value and what would do */
export const parseFaultRequest = (body: unknown): FaultRequest => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new FaultError(
      `the request must be a JSON object (Content-Type: application/json) with a field 'fault', one of ${faultNames.join(', ')}`,
    );
  const { fault, agent, framework, master, ms, bytesPerSecond, ...rest } = body as Record<string, unknown>;
  const name = faultNames.find((one) => one === fault);
  if (name === undefined) throw new FaultError(`fault: ${JSON.stringify(fault) ?? '(none given)'} is none of ${faultNames.join(', ')}`);
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined)
    throw new FaultError(`${stranger}: there is no such field; there are fault, agent, framework, master, ms, bytesPerSecond`);
  const shape: FaultShape = shapes[name];
  return {
    fault: name,
    agent: textIn('agent', agent, shape.agent, name),
    framework: textIn('framework', framework, shape.framework, name),
    master: textIn('master', master, shape.master, name),
    ms: numberIn('ms', ms, shape.number, name),
    bytesPerSecond: numberIn('bytesPerSecond', bytesPerSecond, shape.number, name),
  };
};
