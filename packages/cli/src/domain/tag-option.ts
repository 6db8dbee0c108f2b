export interface TagDefinition {
  readonly type: 'NONE' | 'PROPERTIES';
  readonly properties?: Readonly<Record<string, string>>;
}

export interface ResourceTags {
  readonly names: readonly string[];
  readonly definitions: Readonly<Record<string, TagDefinition>>;
}

/** Reads `name` or `name:cores=1,memory=512`. Undefined when it is neither. */
const parseTag = (text: string): readonly [name: string, definition: TagDefinition] | undefined => {
  const [, name, list] = /^([^:=,\s]+)(?::(.+))?$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (list === undefined) return [name, { type: 'NONE' }];
  const properties = list.split(',').map((property) => /^([^=\s]+)=(.*)$/.exec(property)?.slice(1));
  if (!properties.every((property) => property !== undefined)) return undefined;
  return [name, { type: 'PROPERTIES', properties: Object.fromEntries(properties) as Record<string, string> }];
};

/** The tags of a request from the values of `--tag`. @throws Error naming the value that can't be read */
export const parseTags = (values: readonly string[]): ResourceTags => {
  const tags = values.map((value) => {
    const tag = parseTag(value);
    if (tag === undefined) throw new Error(`--tag ${value}: give a name, or a name with properties such as small:cores=1,memory=512`);
    return tag;
  });
  return { names: tags.map(([name]) => name), definitions: Object.fromEntries(tags) };
};
