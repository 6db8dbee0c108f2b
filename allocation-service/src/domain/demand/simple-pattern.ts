// The master compiles each regular expression of a framework's constraints, and refuses the whole UPDATE_FRAMEWORK for one
// whose program is larger than --offer_constraints_re2_max_program_size (100) or whose memory exceeds
// --offer_constraints_re2_max_mem (4 kB). RE2 has about one instruction a literal, and ten for what is any character of UTF-8.

const MOST_INSTRUCTIONS = 60;
const ANY_CHARACTER = 12;
const CLASS = 4;

/** Literals, `.`, classes of ASCII, groups and alternatives, repeated by `*`, `+` or `?`: what is surely cheap and means the same everywhere. */
const PARTS = /\\[.\-_+*?()[\]|^$/\\]|\[[A-Za-z0-9_.-]+\]|[A-Za-z0-9_@:/ -]|[.()|*+?]/y;

const costOf = (part: string): number => (part === '.' ? ANY_CHARACTER : part.startsWith('[') ? CLASS : 1);

/** Whether every master accepts the pattern. */
export const isSimplePattern = (pattern: string): boolean => {
  let cost = 0;
  PARTS.lastIndex = 0;
  while (PARTS.lastIndex < pattern.length) {
    const part = PARTS.exec(pattern)?.[0];
    if (part === undefined) return false;
    cost += costOf(part);
  }
  // `(?` begins what is not a plain group.
  return pattern !== '' && cost <= MOST_INSTRUCTIONS && !pattern.includes('(?');
};
