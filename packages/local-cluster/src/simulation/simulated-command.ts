// What a command would do, as far as its text tells.
import type { CommandInfo } from '../generated/protocol.js';

export interface SimulatedEnd {
  readonly afterMs: number;
  readonly code: number;
}

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** undefined: it runs until it is killed. */
const stepEnd = (text: string): SimulatedEnd | undefined => {
  const [program = '', ...args] = text.trim().split(/\s+/);
  switch (program.replace(/^.*\//, '')) {
    case 'sleep': {
      const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(args[0] ?? '') ?? [];
      return amount === undefined ? { afterMs: 0, code: 1 } : { afterMs: Number(amount) * (SECONDS[unit] ?? 1) * 1000, code: 0 };
    }
    case 'false':
      return { afterMs: 0, code: 1 };
    case 'true':
    case 'echo':
    case ':':
    case '':
      return { afterMs: 0, code: 0 };
    default:
      return undefined;
  }
};

/** undefined: it is no `exit`. */
const exitCode = (step: string): number | undefined => {
  const match = /^exit(?:\s+(\d{1,3}))?$/.exec(step.trim());
  return match === null ? undefined : Number(match[1] ?? 0) & 0xff;
};

/** `sleep 5`, `exit 3`, `true`, `false`, `echo …`, and these one after the other with `;` or `&&`; all else runs until it is killed. */
export const simulatedEnd = ({ shell = true, value = '', arguments: args = [] }: CommandInfo): SimulatedEnd | undefined => {
  const steps = shell ? value.split(/(;|&&)/) : [[value, ...args.slice(1)].join(' ')];
  let afterMs = 0;
  let code = 0;
  for (let index = 0; index < steps.length; index += 2) {
    if (steps[index - 1] === '&&' && code !== 0) continue;
    const step = steps[index] ?? '';
    const exit = exitCode(step);
    if (exit !== undefined) return { afterMs, code: exit };
    const end = stepEnd(step);
    if (end === undefined) return undefined;
    afterMs += end.afterMs;
    code = end.code;
  }
  return { afterMs, code };
};
