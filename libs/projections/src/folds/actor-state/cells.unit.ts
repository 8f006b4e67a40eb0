import { begunBy, type Mode, type Occurred } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commitsOf, corrected, onCondition, recorded, retracted, rowsAfter, said, story } from '../given.fixture.js';
import type { ConditionState } from '../stories/rows.js';
import { byCell, cite, currentOf, currentOfNewest } from './cells.js';
import { actorState } from './projection.js';
import type { CitationRow, CitedMark, MarkRow } from './rows.js';

const weighed = (marks: readonly CitedMark[]) => marks.map(mark => ({ ...mark, mode: mark.modality.mode }));
type Marked = ReturnType<typeof weighed>[number];

const cells = (marks: readonly CitedMark[], conditions: Readonly<Record<string, ConditionState>>) => {
  const cited = ({ mode: _mode, ...mark }: Marked) => cite(mark, conditions);
  return byCell(weighed(marks)).map(({ facet, key, marks: newest }) => {
    const current = currentOf(newest);
    return { facet, key, current: current ? cited(current) : null, citations: newest.map(cited) };
  });
};

const hour = (from: number, to?: number): Occurred => ({
  from: `2026-01-01T${String(from).padStart(2, '0')}:00:00+01:00`,
  ...(to === undefined ? {} : { to: `2026-01-01T${String(to).padStart(2, '0')}:00:00+01:00` }),
  precision: 'hour',
});
const unknown: Occurred = { precision: 'unknown' };

/** Marks of one cell in this order of recording, named by letters. */
type GivenMark = Partial<Omit<CitedMark, 'modality'>> & { readonly mode?: Mode };
const citedBy = (...marks: readonly GivenMark[]): CitedMark[] =>
  marks.map(({ mode = 'asserted', ...more }, i) => {
    const development = String.fromCharCode(97 + i);
    const cell = { actor: 'mayor', facet: 'presence', key: 'whereabouts', value: { place: development } } as const;
    const when = { position: i + 1, ordinal: 0, begun: null, recorded: `t${i + 1}`, occurred: hour(9) };
    const { kind, sourcing } = said('So.');
    const known = { kind, headline: development, sourcing, standing: 'reported', status: 'active' as const };
    return { story, development, mark: 0, ...cell, ...when, ...known, modality: { mode }, ...more };
  });

const currentAmong = (...marks: readonly GivenMark[]) => {
  const found = cells(citedBy(...marks), {});
  expect(found).toHaveLength(1);
  return found[0]!.current?.development;
};

describe('the current mark of a cell', () => {
  test('of marks with the same time, the last recorded one is current', () =>
    expect(currentAmong({}, {}, {})).toBe('c'));

  test('a mark that was recorded later but happened entirely before is not current', () => {
    expect(currentAmong({ occurred: hour(9) }, { occurred: hour(8) })).toBe('a');
    expect(currentAmong({ occurred: hour(9) }, { occurred: hour(7, 9) })).toBe('a');
    expect(currentAmong({ occurred: hour(9) }, { occurred: hour(7, 10) })).toBe('b');
    expect(currentAmong({ occurred: hour(9, 12) }, { occurred: hour(10, 11) })).toBe('b');
    expect(currentAmong({ occurred: hour(9) }, { occurred: hour(8) }, { occurred: hour(10) })).toBe('c');
  });

  test('times are compared as instants, not by their local clocks', () => {
    const east: Occurred = { from: '2026-01-01T12:00:00+09:00', precision: 'hour' };
    expect(currentAmong({ occurred: hour(9) }, { occurred: east })).toBe('a');
  });

  test('if a time is unknown, the last recorded mark is current', () => {
    expect(currentAmong({ occurred: hour(9) }, { occurred: unknown })).toBe('b');
    expect(currentAmong({ occurred: unknown }, { occurred: hour(1) })).toBe('b');
  });

  test.each(['planned', 'conditional', 'denied'] as const)(
    'a mark that is %s is not current if another one is asserted',
    mode => {
      expect(currentAmong({}, { mode, occurred: hour(12) })).toBe('a');
      expect(currentAmong({ mode, occurred: hour(12) }, {})).toBe('b');
      expect(currentAmong({ mode }, { mode })).toBe('b');
      expect(currentAmong({ mode }, {}, { mode })).toBe('b');
      expect(currentAmong({ mode })).toBe('a');
      expect(currentAmong({ status: 'superseded' }, { mode })).toBe('b');
    },
  );

  test('a superseded mark is never current, and it is still cited', () => {
    expect(currentAmong({}, { status: 'superseded' })).toBe('a');
    expect(currentAmong({ status: 'superseded' }, { occurred: hour(1) })).toBe('b');
    const [cell] = cells(citedBy({ status: 'superseded' }), {});
    expect(cell).toMatchObject({ current: null, citations: [{ development: 'a', status: 'superseded' }] });
  });

  test('for any marks in any order, the current one is active, and asserted if any active one is', () => {
    const mark = fc.record({
      mode: fc.constantFrom<Mode>('asserted', 'planned', 'conditional', 'denied'),
      status: fc.constantFrom('active' as const, 'superseded' as const),
      occurred: fc.oneof(
        fc.constant(unknown),
        fc.integer({ min: 0, max: 20 }).map(from => hour(from)),
      ),
    });
    fc.assert(
      fc.property(fc.array(mark, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (marks, order) => {
        const all = citedBy(...marks);
        const [cell] = cells(all, {});
        const active = all.filter(({ status }) => status === 'active');
        const candidates = active.filter(({ modality }) => modality.mode === 'asserted');
        const allowed = candidates.length ? candidates : active;
        if (allowed.length) expect(allowed.map(({ development }) => development)).toContain(cell!.current?.development);
        else expect(cell!.current).toBeNull();
        expect(cell!.citations.map(({ position }) => position)).toEqual(all.map(({ position }) => position).reverse());
        const mixed = all.map(m => [order.next().value, m] as const).sort(([a], [b]) => a - b);
        expect(
          cells(
            mixed.map(([, m]) => m),
            {},
          ),
        ).toEqual([cell]);
      }),
    );
  });
});

describe('the current mark, of only the newest marks of a cell', () => {
  const time = fc.integer({ min: 0, max: 12 });
  const mark = fc.record({
    mode: fc.constantFrom<Mode>('asserted', 'asserted', 'asserted', 'planned', 'denied'),
    status: fc.constantFrom('active' as const, 'active' as const, 'superseded' as const),
    occurred: fc.oneof(
      fc.constant(unknown),
      time.map(from => hour(from)),
      fc.tuple(time, time).map(([from, length]) => hour(from, from + length)),
      time.map((to): Occurred => ({ to: hour(to).from!, precision: 'hour' })),
    ),
  });
  const latestOf = (marks: readonly CitedMark[]) => {
    const known = marks.flatMap(({ occurred }) => begunBy(occurred) ?? []);
    return known.length > 0 ? Math.max(...known) : null;
  };

  test('for any marks and any number of them, it is the current one of all, or undecided', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.array(mark, { minLength: 1, maxLength: 8 }), fc.nat({ max: 8 }), (marks, count) => {
        const all = citedBy(...marks);
        const newest = weighed(all).toReversed();
        const found = currentOfNewest(newest.slice(0, count), latestOf(all));
        if (found === 'undecided') return;
        decided++;
        expect(found?.development).toBe(currentOf(newest)?.development);
      }),
    );
    expect(decided).toBeGreaterThan(20);
  });

  test('of marks that follow each other in time the newest is enough', () => {
    const all = citedBy({ occurred: hour(7) }, { occurred: hour(8) }, { occurred: hour(9) });
    const newest = weighed(all).toReversed().slice(0, 1);
    expect(currentOfNewest(newest, latestOf(all))).toMatchObject({ development: 'c' });
    // An older mark about a later time may still be the current one.
    expect(currentOfNewest(newest, begunBy(hour(10)))).toBe('undecided');
  });
});

describe('cells', () => {
  test('there is one cell for each facet and key, the one with the newest mark first', () => {
    const found = cells(
      citedBy(
        { facet: 'role', key: 'b' },
        { facet: 'role', key: 'a' },
        { facet: 'demand', key: 'a' },
        { facet: 'role', key: 'a' },
      ),
      {},
    );
    expect(found.map(({ facet, key, citations }) => [facet, key, citations.map(c => c.development)])).toEqual([
      ['role', 'a', ['d', 'b']],
      ['demand', 'a', ['c']],
      ['role', 'b', ['a']],
    ]);
  });

  test('the marks of one commit are ordered by event, and those of one development by mark', () => {
    const found = cells(citedBy({ position: 5, ordinal: 1 }, { position: 5, mark: 1 }, { position: 5 }), {});
    expect(found[0]!.citations.map(c => c.development)).toEqual(['a', 'b', 'c']);
  });

  test('a citation has all fields of its development, and the outcomes of its conditions', () => {
    const { modality } = said('So.', onCondition('calm', 'it calms'));
    const mark = { ...citedBy({})[0]!, modality };
    const fate = { text: 'the sea calms', fate: 'met', reason: 'Flat.', development: 'z', position: 7 } as const;
    const cited = (conditions: object) => {
      const { kind, headline, occurred, sourcing } = mark;
      const known = { kind, headline, occurred, sourcing, standing: 'reported', modality, status: 'active' };
      return {
        development: 'a',
        value: { place: 'a' },
        position: 1,
        recorded: 't1',
        ...known,
        conditions: [conditions],
      };
    };
    const sealed = { ...fate, text_id: 'the id of the text of its reason' };
    for (const settled of [fate, sealed])
      expect(cells([mark], { calm: settled })[0]!.citations).toEqual([cited({ id: 'calm', ...fate })]);
    const open = { id: 'calm', text: 'it calms', fate: null, reason: null, development: null, position: null };
    expect(cells([mark], {})[0]!.current).toEqual(cited(open));
  });
});

describe('cells of a story', () => {
  const cellsAfter = (...steps: ReturnType<typeof recorded>[][]) => {
    const citedBy = steps.map(events => ({ stream: `story:${story}`, events }));
    const { actor_citation = [], actor_mark = [] } = rowsAfter([actorState], commitsOf(citedBy));
    const citations = new Map((actor_citation as CitationRow[]).map(row => [row.development, row]));
    return cells(
      (actor_mark as MarkRow[]).map(mark => ({ ...mark, ...citations.get(mark.development)! })),
      {},
    ).map(({ key, current, citations }) => [key, current?.development, citations.map(c => c.development)]);
  };
  const stance = (issue: string, words: string) =>
    said(words, { kind: 'position', data: { issue, positions: [{ actor: 'mayor', stance: words }] } });

  test('a retraction removes exactly the citations of the retracted development', () => {
    const both = [
      [recorded('a', stance('fee', 'No.'))],
      [recorded('b', stance('fee', 'Yes.'))],
      [recorded('c', stance('tax', 'No.'))],
    ];
    expect(cellsAfter(...both)).toEqual([
      ['tax', 'c', ['c']],
      ['fee', 'b', ['b', 'a']],
    ]);
    expect(cellsAfter(...both, [retracted('b')], [retracted('c')])).toEqual([['fee', 'a', ['a']]]);
  });

  test('a reinstated development is current again', () => {
    const superseded = { type: 'DevelopmentSuperseded', data: { development: 'a', by: 'b' } } as const;
    const reinstated = { type: 'DevelopmentReinstated', data: { development: 'a', retracted: 'b' } } as const;
    const swap = [[recorded('a', stance('fee', 'No.'))], [recorded('b', stance('fee', 'Yes.')), superseded]];
    expect(cellsAfter(...swap)).toEqual([['fee', 'b', ['b', 'a']]]);
    expect(cellsAfter(...swap, [retracted('b'), reinstated])).toEqual([['fee', 'a', ['a']]]);
  });

  test('a correction keeps the place of its recording, so that it does not displace marks recorded since', () => {
    const late = corrected('a', stance('fee', 'Maybe.'));
    expect(cellsAfter([recorded('a', stance('fee', 'No.'))], [recorded('b', stance('fee', 'Yes.'))], [late])).toEqual([
      ['fee', 'b', ['b', 'a']],
    ]);
  });
});
