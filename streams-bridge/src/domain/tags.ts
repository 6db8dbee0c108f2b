import type { Quantities } from '@streams-on-mesos/messages';
import type { ProtocolErrors } from './protocol-error.js';

export interface TagDefinition {
  readonly type: string;
  readonly properties?: Readonly<Record<string, string | number>> | undefined;
}

/** The tags of a request: any number of names, some of them with a definition. */
export interface ResourceTags {
  readonly names: readonly string[];
  readonly definitions: Readonly<Record<string, TagDefinition>>;
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
/** Far beyond any agent, and still exact when counted in thousandths as Mesos does. */
const LARGEST_QUANTITY = 1e9;

const attributes = { cores: 'cpus', memory: 'mem' } as const;
type Attribute = keyof typeof attributes;
type DefinedQuantities = Partial<Pick<Quantities, 'cpus' | 'mem'>>;
const isAttribute = (name: string): name is Attribute => Object.hasOwn(attributes, name);

/** The attributes that each tag defines. @throws ProtocolError 422 naming the tag and the attribute */
export const definedQuantities = (tags: ResourceTags, resourceType: string, errors: ProtocolErrors): DefinedQuantities[] => {
  const quantity = (tag: string, attribute: string, value: string | number): number => {
    const field = `tags.definitions.${tag}.properties.${attribute}`;
    const args = [resourceType, tag, attribute, String(value)];
    if (typeof value === 'string' && !NUMBER.test(value)) throw errors.tag('ERR_RM_REQUIRES_NUMERIC_ATTRIBUTE', field, ...args);
    const number = Number(value);
    if (!(number >= 0 && number <= LARGEST_QUANTITY)) throw errors.tag('ERR_RM_UNSUPPORTED_ATTRIBUTE_VALUE', field, ...args);
    return number;
  };
  return Object.entries(tags.definitions).map(([tag, { type, properties = {} }]) => {
    const field = `tags.definitions.${tag}`;
    if (!tags.names.includes(tag)) throw errors.tag('ERR_RM_TAG_NAME_UKNOWN', field, tag);
    if (type === 'NONE') return {};
    if (type !== 'PROPERTIES') throw errors.tag('ERR_RM_UNSUPPORTED_TAG_DEF_TYPE', `${field}.type`, resourceType, tag, type);
    const defined: DefinedQuantities = {};
    for (const [attribute, value] of Object.entries(properties)) {
      if (!isAttribute(attribute)) {
        throw errors.tag('ERR_RM_UNSUPPORTED_TAG_ATTRIBUTE', `${field}.properties.${attribute}`, resourceType, tag, attribute);
      }
      defined[attributes[attribute]] = quantity(tag, attribute, value);
    }
    return defined;
  });
};

/**
 * What one resource with these tags takes: the largest of what its tags define, the default for what none defines.
 * 0 is "all the offer has", and as a number the smallest, so that a tag that needs 2 cores gets them beside one that takes what there is.
 */
export const quantitiesOf = (tags: ResourceTags, defaults: Quantities, resourceType: string, errors: ProtocolErrors): Quantities => {
  const defined = definedQuantities(tags, resourceType, errors);
  const largest = (name: keyof DefinedQuantities): number => {
    const values = defined.flatMap((quantities) => quantities[name] ?? []);
    return values.length === 0 ? defaults[name] : Math.max(...values);
  };
  return { cpus: largest('cpus'), mem: largest('mem') };
};
