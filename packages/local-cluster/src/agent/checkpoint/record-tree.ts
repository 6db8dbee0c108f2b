/** Where an agent keeps what its next process is to find: JSON records at paths, written before anything is told. */
export interface RecordTree {
  write(path: RecordPath, record: unknown): void;
  /** A further record of the same path. */
  append(path: RecordPath, record: unknown): void;
  /** With all that is below. */
  remove(path: RecordPath): void;
  /** In the order in which they were written; those that can't be read are left out. */
  read(path: RecordPath): unknown[];
  /** Names right below. */
  list(path: RecordPath): string[];
}

export type RecordPath = readonly string[];

interface Node {
  readonly children: Map<string, Node>;
  records: unknown[];
}

const newNode = (): Node => ({ children: new Map(), records: [] });

/** For agents that are many and simulated: it outlives the agent's process, not this one. */
export class MemoryRecords implements RecordTree {
  private readonly root = newNode();

  write(path: RecordPath, record: unknown): void {
    this.make(path).records = [record];
  }

  append(path: RecordPath, record: unknown): void {
    this.make(path).records.push(record);
  }

  remove(path: RecordPath): void {
    const last = path.at(-1);
    if (last === undefined) this.root.children.clear();
    else this.find(path.slice(0, -1))?.children.delete(last);
  }

  read(path: RecordPath): unknown[] {
    // As files would give them back.
    return (this.find(path)?.records ?? []).map((record) => JSON.parse(JSON.stringify(record)) as unknown);
  }

  list(path: RecordPath): string[] {
    return [...(this.find(path)?.children.keys() ?? [])];
  }

  private find(path: RecordPath): Node | undefined {
    return path.reduce<Node | undefined>((node, name) => node?.children.get(name), this.root);
  }

  private make(path: RecordPath): Node {
    return path.reduce((node, name) => {
      const child = node.children.get(name) ?? newNode();
      node.children.set(name, child);
      return child;
    }, this.root);
  }
}
