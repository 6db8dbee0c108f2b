import { intervalsIn, scalarOf, type Resource } from '@streams-on-mesos/mesos';

const valueOf = (name: string, text: string): Resource | undefined => {
  if (/^(\d{1,15}\.?\d*|\.\d+)$/.test(text)) return { name, type: 'SCALAR', scalar: { value: Number(text) } };
  const [, open, list] = /^([[{])(.*)[\]}]$/.exec(text) ?? [];
  const parts = (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (open === '{') return { name, type: 'SET', set: { item: parts } };
  const range = parts
    .map((part) => /^(\d{1,15})\s*-\s*(\d{1,15})$/.exec(part))
    .map((match) => ({ begin: Number(match?.[1]), end: Number(match?.[2]) }));
  const valid = open === '[' && range.length > 0 && range.every(({ begin, end }) => begin <= end);
  return valid ? { name, type: 'RANGES', ranges: { range } } : undefined;
};

/**
 * Mesos's syntax, without roles: `cpus:1;mem:128;ports:[31000-31001]`.
 * @throws Error naming the part that can't be read
 */
export const parseResources = (text: string): Resource[] => {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const seen = new Set<string>();
  return parts.map((part) => {
    const colon = part.indexOf(':');
    const name = part.slice(0, colon).trim();
    const resource = colon > 0 && !name.includes('(') ? valueOf(name, part.slice(colon + 1).trim()) : undefined;
    if (resource === undefined) throw new Error(`'${part}' is not name:number, name:[begin-end,…] or name:{item,…}`);
    if (seen.has(name)) throw new Error(`'${name}' stands there twice`);
    seen.add(name);
    return resource;
  });
};

const valueText = (resource: Resource): string => {
  if (resource.type === 'SCALAR') return String(scalarOf([resource], resource.name));
  if (resource.type === 'SET') return `{${(resource.set?.item ?? []).join(', ')}}`;
  const ranges = intervalsIn([resource], resource.name).map(([begin, end]) => `${begin}-${end}`);
  return `[${ranges.join(', ')}]`;
};

/** `cpus:1;mem:128` */
export const resourcesText = (resources: readonly Resource[]): string => resources.map((one) => `${one.name}:${valueText(one)}`).join(';');
