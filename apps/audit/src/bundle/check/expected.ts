import { IndexLine, MerkleTree, rootByPath, type Manifest } from '#bundle';
import type { Faults } from './faults.js';
import { linesOf } from './files.js';

/** What must stand on a line of commits.jsonl. */
export type Due = Omit<IndexLine, 'path'> & { readonly line: number };

/** What must stand in commits.jsonl: every line in its order, by position and by commit id. */
export interface Expected {
  readonly lines: readonly Due[];
  readonly at: ReadonlyMap<number, Due>;
  readonly of: ReadonlyMap<string, Due>;
}

/** Reads the index, which must be the one that was signed, and checks that it leads to the root that was signed. */
export async function readIndex(folder: string, { tree, scope }: Manifest, faults: Faults): Promise<Expected> {
  const lines: Due[] = [];
  const whole = new MerkleTree();
  for await (const text of linesOf(folder, 'index.jsonl')) {
    const { path, ...entry } = IndexLine.parse(JSON.parse(text));
    lines.push({ ...entry, line: lines.length + 1 });
    const { position, stream, seq } = entry;
    const leaf = Buffer.from(entry.leaf, 'hex');
    whole.append(leaf);
    if ('story' in scope && rootByPath(leaf, position - 1, tree.size, path ?? []) !== tree.root)
      faults.add('wrong-path', 'index.jsonl', '', { line: lines.length, position, stream, seq });
  }
  if ('all' in scope && (whole.size !== tree.size || whole.root() !== tree.root))
    faults.add(
      'wrong-root',
      'index.jsonl',
      `Signed was ${tree.root} of ${tree.size}; it is ${whole.root()} of ${whole.size}.`,
    );
  return {
    lines,
    at: new Map(lines.map(due => [due.position, due])),
    of: new Map(lines.map(due => [due.id, due])),
  };
}
