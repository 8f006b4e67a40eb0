import { commitLine, type LoggedCommit } from './lines.js';
import { leafHash, MerkleTree } from './merkle.js';

/** The Merkle tree of a log's winning commits, in order. */
export class LogTree {
  private readonly tree = new MerkleTree();
  private genesis: string | undefined;

  /** The log's id; undefined before its first commit. */
  get log(): string | undefined {
    return this.genesis;
  }

  /** The number of commits. */
  get size(): number {
    return this.tree.size;
  }

  root(): string {
    return this.tree.root();
  }

  append(commit: LoggedCommit): void {
    this.genesis ??= commit.headers.ce_id;
    this.tree.append(leafHash(commitLine(commit)));
  }
}
