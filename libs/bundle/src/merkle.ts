import { createHash } from 'node:crypto';

/** The Merkle tree of RFC 6962, section 2.1, over SHA-256. Hashes are 32 bytes. */
const hashBytes = 32;
const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(nodePrefix, left, right);

/** The hash of a leaf: 32 bytes (RFC 6962, section 2.1). */
export const leafHash = (leaf: string | Uint8Array): Buffer =>
  sha256(leafPrefix, typeof leaf === 'string' ? Buffer.from(leaf) : leaf);

/** A tree that only grows, and keeps only what its next root needs: one hash for each bit of its size. */
export class MerkleTree {
  #size = 0;
  /** Roots of the complete subtrees from the left, each smaller than the one before. */
  readonly #peaks: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let peak = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) peak = nodeHash(this.#peaks.pop()!, peak);
    this.#peaks.push(peak);
    this.#size++;
  }

  /** The Merkle tree head, in hex. */
  root(): string {
    const root = this.#peaks.reduceRight<Buffer | undefined>(
      (right, left) => (right ? nodeHash(left, right) : left),
      undefined,
    );
    return (root ?? sha256()).toString('hex');
  }
}

/** A whole tree in memory, 64 bytes a leaf, for audit paths. */
export class ProvingTree {
  readonly #levels: Buffer[];

  /** `leaves`: the leaf hashes one after the other. */
  constructor(leaves: Buffer) {
    this.#levels = [leaves];
    for (let level = leaves; widthOf(level) > 1; this.#levels.push(level)) level = levelAbove(level);
  }

  /** The audit path of RFC 6962, section 2.1.1, in hex, from the leaf up. `index` counts from 0. */
  path(index: number): string[] {
    return this.#levels.slice(0, -1).flatMap((level, height) => {
      const sibling = Math.floor(index / 2 ** height) ^ 1;
      return sibling < widthOf(level) ? [nodeAt(level, sibling).toString('hex')] : [];
    });
  }
}

const widthOf = (level: Buffer) => level.length / hashBytes;
const nodeAt = (level: Buffer, index: number) => level.subarray(index * hashBytes, (index + 1) * hashBytes);

/** The last node of an odd level has no partner yet, and moves up unchanged. */
function levelAbove(level: Buffer): Buffer {
  const width = widthOf(level);
  const above = Array.from({ length: Math.ceil(width / 2) }, (_, i) =>
    2 * i + 1 < width ? nodeHash(nodeAt(level, 2 * i), nodeAt(level, 2 * i + 1)) : nodeAt(level, 2 * i),
  );
  return Buffer.concat(above);
}

/**
 * Computes the root, in hex, from a leaf and its audit path; undefined if the path does not fit that index. RFC 9162, section
 * 2.1.3.2.
 */
export function rootByPath(leaf: Buffer, index: number, size: number, path: readonly string[]): string | undefined {
  let [node, at, last] = [leaf, index, size - 1];
  for (const hex of path) {
    if (last === 0) return undefined;
    const other = Buffer.from(hex, 'hex');
    if (at % 2 === 0 && at < last) node = nodeHash(node, other);
    else {
      node = nodeHash(other, node);
      for (; at % 2 === 0 && at > 0; at /= 2) last = Math.floor(last / 2);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? node.toString('hex') : undefined;
}
