import { randomFillSync } from 'node:crypto';

/** Words of 32 bits for each slot: two of the hash, one for the row's number. */
const words = 3;
const leastSlots = 1 << 10;
const header = 4;

/**
 * Maps keys to the numbers of rows, from 1, by a hash of 64 bits. It does not hold the keys: `isIt` says whether a row with the same hash
 * has the key. 12 bytes for each slot; between 3/8 and 3/4 of the slots are used.
 */
export class KeyIndex {
  #slots: Uint32Array;
  #mask: number;
  readonly #seeds: Uint32Array;
  #size = 0;

  constructor(seeds = randomFillSync(new Uint32Array(2)), slots = leastSlots) {
    this.#seeds = seeds;
    this.#slots = new Uint32Array(slots * words);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the key's row; 0 where the key is unknown. */
  find(table: string, key: string, isIt: (row: number) => boolean): number {
    const slot = this.#slotOf(this.#hash(table, key), isIt);
    return this.#slots[slot + 2]!;
  }

  /** Sets the number of a key's row. `before`: the number that it had; 0 for a new key. */
  put(table: string, key: string, row: number, before: number): void {
    const hash = this.#hash(table, key);
    const slot = this.#slotOf(hash, held => held === before);
    if (this.#slots[slot + 2] === 0) this.#size++;
    this.#slots.set([hash[0], hash[1], row], slot);
    if (this.#size > (this.#mask + 1) * 0.75) this.#grow();
  }

  /** Removes a key whose row had this number. Keys that were placed after it because its slot was taken move up. */
  remove(table: string, key: string, before: number): void {
    let hole = this.#slotOf(this.#hash(table, key), held => held === before);
    if (this.#slots[hole + 2] === 0) return;
    this.#size--;
    const end = this.#slots.length;
    for (let slot = hole; ;) {
      slot = (slot + words) % end;
      if (this.#slots[slot + 2] === 0) break;
      const home = (this.#slots[slot]! & this.#mask) * words;
      const isBetween = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (isBetween) continue;
      this.#slots.copyWithin(hole, slot, slot + words);
      hole = slot;
    }
    this.#slots.fill(0, hole, hole + words);
  }

  /** Its bytes in pieces of at most `most` bytes, for `KeyIndex.from`. They hold until the next change. */
  *pieces(most: number): Generator<Uint8Array> {
    yield new Uint8Array(Uint32Array.from([...this.#seeds, this.#size, this.#mask + 1]).buffer);
    const { buffer, byteLength } = this.#slots;
    for (let at = 0; at < byteLength; at += most) yield new Uint8Array(buffer, at, Math.min(most, byteLength - at));
  }

  /** The index that gave these pieces; undefined where they do not fit together. */
  static from(pieces: readonly Uint8Array[]): KeyIndex | undefined {
    const [first, ...rest] = pieces;
    if (first?.byteLength !== header * 4) return undefined;
    const [one = 0, two = 0, size = 0, slots = 0] = new Uint32Array(Uint8Array.from(first).buffer);
    if (rest.reduce((bytes, piece) => bytes + piece.byteLength, 0) !== slots * words * 4) return undefined;
    const index = new KeyIndex(Uint32Array.of(one, two), slots);
    index.#size = size;
    const all = new Uint8Array(index.#slots.buffer);
    let at = 0;
    for (const piece of rest) {
      all.set(piece, at);
      at += piece.byteLength;
    }
    return index;
  }

  /** The place of the slot that holds the key, or of the empty slot where it belongs. */
  #slotOf([one, two]: readonly [number, number], isIt: (row: number) => boolean): number {
    const end = this.#slots.length;
    let slot = (one & this.#mask) * words;
    for (; ; slot = slot + words === end ? 0 : slot + words) {
      const row = this.#slots[slot + 2]!;
      if (row === 0) return slot;
      if (this.#slots[slot] === one && this.#slots[slot + 1] === two && isIt(row)) return slot;
    }
  }

  #grow(): void {
    const before = this.#slots;
    const slots = (this.#mask + 1) * 2;
    this.#slots = new Uint32Array(slots * words);
    this.#mask = slots - 1;
    for (let at = 0; at < before.length; at += words) {
      if (before[at + 2] === 0) continue;
      let slot = (before[at]! & this.#mask) * words;
      while (this.#slots[slot + 2] !== 0) slot = (slot + words) % this.#slots.length;
      this.#slots.set(before.subarray(at, at + words), slot);
    }
  }

  /** Two mixed sums over the characters, from random seeds, so that nobody outside can choose keys that collide. */
  #hash(table: string, key: string): readonly [number, number] {
    let one = this.#seeds[0]!;
    let two = this.#seeds[1]!;
    for (const text of [table, key]) {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        one = Math.imul(one ^ code, 2_654_435_761);
        one ^= one >>> 15;
        two = Math.imul(two ^ code, 1_597_334_677);
        two ^= two >>> 13;
      }
      one = Math.imul(one ^ text.length, 2_246_822_507);
      two = Math.imul(two ^ text.length, 3_266_489_909);
    }
    one ^= one >>> 16;
    two ^= two >>> 16;
    return [one >>> 0, two >>> 0];
  }
}
