import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  arbitrate,
  emptyLog,
  headOf,
  logStream,
  root,
  type Arbitration,
  type Headers,
  type Verdict,
} from './arbitrate.js';

const id = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const commit = (name: string, parent: string, stream: string): Headers => ({
  ce_id: id(name),
  ce_parent: parent,
  ce_subject: stream,
});
const genesis = commit('genesis', root, logStream);
const inA = (name: string, parent = 'genesis') => commit(name, id(parent), 'story:a');

function fold(log: readonly Headers[]): { state: Arbitration; verdicts: Verdict[] } {
  let state = emptyLog;
  const verdicts = log.map(headers => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    return verdict;
  });
  return { state, verdicts };
}
const winners = (log: readonly Headers[]) =>
  fold(log).verdicts.flatMap((verdict, offset) => (verdict.won ? [{ ...verdict, offset }] : []));
const won = (log: readonly Headers[]) =>
  winners(log).map(w => Buffer.from(w.id, 'hex').toString().replaceAll('\0', ''));

/**
 * The same rule in a second form, over the whole log at once: walks each stream's chain from its origin; the child of a commit is the
 * first record after it that names it as parent. Returns the winners' offsets.
 */
function chains(log: readonly Headers[]): number[] {
  const hexadecimal = (text: string) => text.length === 64 && [...text].every(c => '0123456789abcdef'.includes(c));
  const children = new Map<string, { offset: number; id: string }[]>();
  const keyOf = (stream: string, parent: string) => JSON.stringify([stream, parent]);
  const streams = new Set<string>();
  log.forEach((headers, offset) => {
    const { ce_id: own = '', ce_parent: parent, ce_subject: stream = '' } = headers;
    const malformed = !hexadecimal(own) || stream === '' || parent === undefined || parent === own;
    if (malformed) return;
    streams.add(stream);
    const siblings = children.get(keyOf(stream, parent)) ?? [];
    children.set(keyOf(stream, parent), [...siblings, { offset, id: own }]);
  });

  const walk = (stream: string, origin: string, after: number): number[] => {
    const chain: number[] = [];
    let [parent, offset] = [origin, after];
    for (;;) {
      const child = children.get(keyOf(stream, parent))?.find(candidate => candidate.offset > offset);
      if (!child) return chain;
      chain.push(child.offset);
      [parent, offset] = [child.id, child.offset];
    }
  };

  const logChain = walk(logStream, root, -1);
  const first = logChain[0];
  if (first === undefined) return [];
  const others = [...streams].filter(stream => stream !== logStream);
  return [...logChain, ...others.flatMap(stream => walk(stream, log[first]!.ce_id!, first))].sort((a, b) => a - b);
}

/** Logs with many faults: forks, duplicates, late writers, foreign parents, malformed headers, several first commits. */
const few = ['a', 'b', 'c', 'd', 'e', 'f'];
const odd = [root, id('unheard of'), 'short', id('a').toUpperCase().replace(/^../, 'AA'), '', undefined];
const mostly = <T>(usual: readonly T[], unusual: readonly T[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...unusual) });
const troubled = fc.record<Headers>({
  ce_id: mostly<string | undefined>(few.map(id), odd),
  ce_parent: mostly<string | undefined>([...few.map(id), id('genesis')], odd),
  ce_subject: mostly<string | undefined>(['story:a', 'story:a', 'story:b', logStream], ['__proto__', '', undefined]),
});
const openings: Headers[][] = [
  [],
  [genesis],
  [genesis, commit('a', root, logStream)],
  [commit('a', root, logStream), genesis],
];
const troubledLog = fc
  .tuple(mostly(openings.slice(1), openings.slice(0, 1)), fc.array(troubled, { minLength: 5, maxLength: 60 }))
  .map(([opening, rest]) => [...opening, ...rest]);

/** Steps of honest writers: each commit has a unique id and a parent that is already in the log. */
interface Step {
  readonly stream: string;
  readonly back: number;
}
function honestRecords(steps: readonly Step[]): Headers[] {
  const byStream = new Map<string, string[]>();
  return steps.map(({ stream, back }, index) => {
    const earlier = byStream.get(stream) ?? [id('genesis')];
    const own = id(`c${index}`);
    byStream.set(stream, [...earlier, own]);
    return { ce_id: own, ce_parent: earlier.at(-1 - (back % earlier.length))!, ce_subject: stream };
  });
}
const honestLog: fc.Arbitrary<Headers[]> = fc
  .array(
    fc.record({ stream: fc.constantFrom('story:a', 'story:b', 'actor:x'), back: fc.constantFrom(0, 0, 0, 1, 2) }),
    {
      maxLength: 25,
    },
  )
  .map(honestRecords)
  .chain(records =>
    // Any order, loss or duplication: everything that two late senders and a retry can do to a log.
    fc
      .array(fc.nat(Math.max(0, records.length - 1)), { maxLength: 60 })
      .map(picks => [genesis, ...picks.flatMap(pick => records.slice(pick, pick + 1))]),
  );

describe('a record', () => {
  test('a record wins if its parent is the head of its stream, and it becomes the new head', () => {
    const { state, verdicts } = fold([genesis, inA('a1'), inA('a2', 'a1')]);
    expect(verdicts.map(v => v.won && v.position)).toEqual([1, 2, 3]);
    expect(headOf(state, 'story:a')).toEqual({ id: id('a2'), seq: 2 });
    expect(headOf(state, 'story:b')).toEqual({ id: id('genesis'), seq: 0 });
  });

  test('a record that lost the race to another one is void, and so is every record that follows from it', () => {
    expect(won([genesis, inA('b1'), inA('a1'), inA('a2', 'a1')])).toEqual(['genesis', 'b1']);
  });

  test('a repeated record and one from a late writer are void', () => {
    const zombie = inA('z1');
    expect(won([genesis, inA('a1'), inA('a1'), inA('a2', 'a1'), zombie, inA('a1')])).toEqual(['genesis', 'a1', 'a2']);
  });

  test('a record whose parent is the head of another stream is void', () => {
    expect(won([genesis, inA('a1'), commit('b1', id('a1'), 'story:b')])).toEqual(['genesis', 'a1']);
  });

  test('a record before the log was opened is void, and so is a second opening', () => {
    expect(won([inA('a1'), commit('x', root, 'story:a'), genesis, commit('again', root, logStream)])).toEqual([
      'genesis',
    ]);
  });

  test.each([
    ['no id', { ce_id: undefined }],
    ['an id that is no SHA-256', { ce_id: 'a1' }],
    ['an id in upper case', { ce_id: id('a1').toUpperCase().replace(/^../, 'AA') }],
    ['an id with a line break at its end', { ce_id: `${id('a1')}\n` }],
    ['no stream', { ce_subject: undefined }],
    ['an empty stream', { ce_subject: '' }],
    ['no parent', { ce_parent: undefined }],
    ['itself as parent', { ce_id: id('genesis') }],
  ])('a record with %s is void', (_, headers) => {
    expect(won([genesis, { ...inA('a1'), ...headers }])).toEqual(['genesis']);
  });

  test('a void record does not change the state', () => {
    const { state } = fold([genesis, inA('a1')]);
    expect(arbitrate(state, inA('late'))[0]).toBe(state);
  });
});

describe('arbitration of any log', () => {
  const anything = fc.dictionary(fc.string(), fc.option(fc.string(), { nil: undefined }));

  test('any headers get a verdict, and nothing throws', () => {
    fc.assert(fc.property(fc.array(fc.oneof(anything, troubled)), log => void fold([genesis, ...log])));
  });

  test('the winners have the positions 1 to n, and each stream is one chain numbered from 1', () => {
    fc.assert(
      fc.property(fc.oneof(honestLog, troubledLog), log => {
        const all = winners(log);
        expect(all.map(w => w.position)).toEqual(all.map((_, index) => index + 1));
        for (const stream of new Set(all.map(w => w.stream))) {
          const chain = all.filter(w => w.stream === stream);
          const origin = stream === logStream ? root : all[0]!.id;
          expect(chain.map(w => w.seq)).toEqual(chain.map((_, index) => index + 1));
          expect(chain.map(w => log[w.offset]!.ce_parent)).toEqual([origin, ...chain.slice(0, -1).map(w => w.id)]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('no commit of an honest writer wins twice, even if records are repeated, late or lost', () => {
    fc.assert(
      fc.property(honestLog, log => {
        const ids = winners(log).map(w => w.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the same commits win in the same order when the void records are removed', () => {
    fc.assert(
      fc.property(fc.oneof(honestLog, troubledLog), log => {
        const all = winners(log);
        const kept = winners(all.map(w => log[w.offset]!));
        expect(kept.map(w => [w.id, w.seq, w.position])).toEqual(all.map(w => [w.id, w.seq, w.position]));
      }),
    );
  });

  test('a second implementation of the rule, written another way, agrees on 10,000 logs', () => {
    let forked = 0;
    fc.assert(
      fc.property(fc.oneof(honestLog, troubledLog), log => {
        const offsets = winners(log).map(w => w.offset);
        expect(offsets).toEqual(chains(log));
        if (offsets.length > 2 && offsets.length < log.length) forked++;
      }),
      { numRuns: 10_000 },
    );
    // Agreement on logs without faults would prove little.
    expect(forked).toBeGreaterThan(3_000);
  });
});
