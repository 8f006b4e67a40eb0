import type { BlobsAsked, BlobStat } from '#blobs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sweep } from './sweep.js';

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 10);
const olderThan = new Date(now - 24 * hour);
const signal = new AbortController().signal;
const pageSize = 3;

interface Given {
  /** In hours. */
  readonly age: number;
  readonly is: 'named' | 'taken down' | 'unnamed';
  /** The page during whose listing a commit names it; beyond the last page for none. */
  readonly namedDuring: number;
  /** Whether it is put again after it was listed. */
  readonly isPutAgain: boolean;
}

/** A store and a log that both change while the sweep reads them. */
class Changing {
  readonly files = new Map<string, BlobStat>();
  /** What the log names at this moment, and what the collector has read of it. */
  private readonly truth: Set<string>;
  living: ReadonlySet<string> = new Set();
  named: ReadonlySet<string> = new Set();
  readonly wronglyDeleted: string[] = [];
  private pages = 0;
  private readonly names: readonly string[];

  constructor(private readonly given: readonly Given[]) {
    this.names = given.map((_, at) => at.toString(16).padStart(64, '0'));
    for (const [at, name] of this.names.entries())
      this.files.set(name, { name, size: 10, put: new Date(now - given[at]!.age * hour) });
    this.truth = new Set(this.names.filter((_, at) => given[at]!.is === 'named'));
    this.readNow();
  }

  readonly readOn = async () => this.readNow();
  private readNow(): void {
    this.living = new Set(this.truth);
    this.named = new Set([...this.truth, ...this.names.filter((_, at) => this.given[at]!.is === 'taken down')]);
  }

  readonly list = async ({ after = '', olderThan: due }: BlobsAsked = {}) => {
    const all = [...this.files.values()].filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = all.slice(0, pageSize);
    const during = this.pages++;
    for (const [at, name] of this.names.entries()) if (this.given[at]!.namedDuring === during) this.truth.add(name);
    const blobs = page.filter(({ put }) => !due || put < due);
    return page.length < pageSize ? { blobs } : { blobs, next: page.at(-1)!.name };
  };
  readonly stat = async (name: string) => {
    const file = this.files.get(name);
    const isPutAgain = this.given[this.names.indexOf(name)]?.isPutAgain;
    return file && isPutAgain ? { ...file, put: new Date(now) } : file;
  };
  readonly delete = async (name: string) => {
    const isNew = this.files.get(name)!.put >= olderThan || this.given[this.names.indexOf(name)]!.isPutAgain;
    if (this.truth.has(name) || isNew) this.wronglyDeleted.push(name);
    this.files.delete(name);
  };

  /** The files that must be gone at the end. */
  get due(): string[] {
    return this.names.filter((name, at) => {
      const { age, isPutAgain } = this.given[at]!;
      return age > 24 && !isPutAgain && !this.truth.has(name);
    });
  }
}

const files = fc.array(
  fc.record({
    age: fc.integer({ min: 0, max: 72 }),
    is: fc.constantFrom('named' as const, 'taken down' as const, 'unnamed' as const),
    namedDuring: fc.integer({ min: 0, max: 12 }),
    isPutAgain: fc.boolean(),
  }),
  { maxLength: 14 },
);

describe('sweeping a store', () => {
  test('it never deletes a file that a commit names by then, or that is new, and deletes all others', async () => {
    await fc.assert(
      fc.asyncProperty(files, async given => {
        const it = new Changing(given);
        const before = new Set(it.files.keys());
        const counts = await sweep(it, it, { olderThan, most: 100, signal, onGone: () => undefined });
        expect(it.wronglyDeleted).toEqual([]);
        const gone = [...before].filter(name => !it.files.has(name));
        // A file may be named after its page: it was deleted already, and no ticket could show it.
        for (const name of it.due) expect(gone).toContain(name);
        expect(counts.unnamed + counts.takenDown).toBe(gone.length);
        expect(counts.bytes).toBe(10 * gone.length);
      }),
    );
  });

  test('counting deletes nothing, and counts what a sweep would delete', async () => {
    await fc.assert(
      fc.asyncProperty(files, async given => {
        const still = given.map(each => ({ ...each, namedDuring: -1, isPutAgain: false }));
        const [counted, swept] = [new Changing(still), new Changing(still)];
        const all = counted.files.size;
        const how = { olderThan, signal, onGone: () => undefined };
        const counts = await sweep(counted, counted, { ...how, most: undefined });
        expect(counted.files.size).toBe(all);
        expect(await sweep(swept, swept, { ...how, most: counts.unnamed })).toEqual(counts);
      }),
    );
  });

  const old = (count: number): Given[] =>
    Array.from({ length: count }, () => ({ age: 30, is: 'unnamed', namedDuring: -1, isPutAgain: false }));

  test('it stops before it deletes more files without a name than were counted', async () => {
    const how = { olderThan, signal, onGone: () => undefined };
    const three = new Changing(old(3));
    expect(await sweep(three, three, { ...how, most: 3 })).toMatchObject({
      unnamed: 3,
    });
    const it = new Changing(old(4));
    await expect(sweep(it, it, { ...how, most: 3 })).rejects.toThrow(/More files without a name came/);
    expect(it.files.size).toBe(1);
  });

  test('it stops when the log proves nothing any more, or when it is interrupted', async () => {
    const it = new Changing(old(4));
    const readOn = () => Promise.reject(new Error('cut'));
    const how = { olderThan, most: 9, signal, onGone: () => undefined };
    await expect(sweep(it, { living: it.living, named: it.named, readOn }, how)).rejects.toThrow('cut');
    await expect(sweep(it, it, { ...how, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(it.files.size).toBe(4);
  });
});
