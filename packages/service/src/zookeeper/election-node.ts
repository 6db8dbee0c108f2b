/** A candidate's node in an election: `<guid>-n_<sequence>`. The guid tells its owner which one is its own. */
export interface ElectionNode {
  readonly name: string;
  readonly guid: string;
  readonly sequence: number;
}

/** What a candidate's node is created as; ZooKeeper appends the sequence number. */
export const electionNodePrefix = (guid: string): string => `${guid}-n_`;

/** undefined for a node that is no candidate's. */
export const parseElectionNode = (name: string): ElectionNode | undefined => {
  const match = /^(.+)-n_(\d{10})$/.exec(name);
  return match?.[1] === undefined ? undefined : { name, guid: match[1], sequence: Number(match[2]) };
};

/** The candidates in the order in which they lead. */
export const candidates = (names: readonly string[]): ElectionNode[] =>
  names
    .map(parseElectionNode)
    .filter((node) => node !== undefined)
    .sort((a, b) => a.sequence - b.sequence);

export type Position =
  | { readonly position: 'absent' }
  | { readonly position: 'leader'; readonly own: ElectionNode }
  | { readonly position: 'behind'; readonly own: ElectionNode; readonly predecessor: ElectionNode };

/** Where the candidate with this guid stands. */
export const positionOf = (guid: string, names: readonly string[]): Position => {
  const nodes = candidates(names);
  const index = nodes.findIndex((node) => node.guid === guid);
  const own = nodes[index];
  if (own === undefined) return { position: 'absent' };
  const predecessor = nodes[index - 1];
  return predecessor === undefined ? { position: 'leader', own } : { position: 'behind', own, predecessor };
};
