const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** Lines as java.util.Properties sees them: comments and blank lines gone, continued lines joined. */
const logicalLines = (text: string): string[] => {
  const lines: string[] = [];
  let continued: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (continued === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const joined = (continued ?? '') + line;
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
    continued = backslashes % 2 === 1 ? joined.slice(0, -1) : undefined;
    if (continued === undefined) lines.push(joined);
  }
  if (continued !== undefined) lines.push(continued);
  return lines;
};

const unescape = (text: string): string =>
  text.replace(/\\(u([0-9a-fA-F]{4})|([\s\S]))/g, (_all, _any, code: string | undefined, character: string | undefined) =>
    code === undefined ? (escapes[character ?? ''] ?? character ?? '') : String.fromCharCode(parseInt(code, 16)),
  );

/** Reads the syntax of java.util.Properties; the last value of a key wins. Any text is valid. */
export const parseProperties = (text: string): Map<string, string> => {
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const key = /^(?:\\[\s\S]|[^\\=: \t\f])*/.exec(line)?.[0] ?? '';
    const value = line.slice(key.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '');
    properties.set(unescape(key), unescape(value));
  }
  return properties;
};
