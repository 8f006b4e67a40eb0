import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leafHash, MerkleTree, ProvingTree, rootByPath } from './merkle.js';
import { createHash } from 'node:crypto';

// Test vectors of the reference implementations of Certificate Transparency.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = inputs.map(hex => leafHash(Buffer.from(hex, 'hex')));

/** RFC 6962, section 2.1, literally. */
function treeHead(of: readonly Buffer[]): Buffer {
  if (of.length <= 1) return of[0] ?? createHash('sha256').digest();
  let split = 1;
  while (split * 2 < of.length) split *= 2;
  const [left, right] = [treeHead(of.slice(0, split)), treeHead(of.slice(split))];
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

describe('the Merkle tree', () => {
  test("the tree of Certificate Transparency's test leaves has the published root at every size", () => {
    const tree = new MerkleTree();
    expect(tree.root()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    leaves.forEach((leaf, i) => {
      tree.append(leaf);
      expect([tree.size, tree.root()]).toEqual([i + 1, roots[i]]);
    });
  });

  test("the tree of Certificate Transparency's test leaves gives the published audit paths", () => {
    const known = new ProvingTree(Buffer.concat(leaves));
    expect(known.path(0)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(new ProvingTree(Buffer.concat(leaves.slice(0, 3))).path(2)).toEqual([roots[1]]);
  });

  test("the root equals RFC 6962's at every size, and a leaf's audit path proves that leaf and no other", () => {
    const property = fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 40 }), all => {
      const hashes = all.map(leafHash);
      const tree = new MerkleTree();
      hashes.forEach(leaf => tree.append(leaf));
      const root = treeHead(hashes).toString('hex');
      expect(tree.root()).toBe(root);
      const proving = new ProvingTree(Buffer.concat(hashes));
      hashes.forEach((leaf, i) => {
        const path = proving.path(i);
        expect(rootByPath(leaf, i, all.length, path)).toBe(root);
        expect(rootByPath(leafHash('another leaf altogether'), i, all.length, path)).not.toBe(root);
        expect(rootByPath(leaf, i, all.length, [...path, root])).not.toBe(root);
        if (path.length > 0) expect(rootByPath(leaf, i, all.length, path.slice(1))).not.toBe(root);
      });
    });
    fc.assert(property, { numRuns: 60 });
  });
});
