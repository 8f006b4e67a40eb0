import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOf } from './as-of.js';
import { happenedBy } from './happened-by.fixture.js';
import { readable } from './fold-all.js';
import {
  at,
  commitsOf,
  corrected,
  onCondition,
  opened,
  readableIn,
  recorded,
  retracted,
  rowsAfter,
  said,
  story,
} from './given.fixture.js';
import { history } from './history.fixture.js';
import { projections } from './list.js';
import { actorOf, type OpenEvent, storyOf } from '#domain';

const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 80 });

const storm = (...steps: (OpenEvent | OpenEvent[])[]) =>
  readable(commitsOf(steps.map(step => ({ stream: `story:${story}`, events: [step].flat() }))));
const on = (hour: number) => ({ occurred: { from: `2026-01-01T${hour}:00:00Z`, precision: 'hour' as const } });
const noon = Date.parse('2026-01-01T12:00:00Z');

describe('a story as of a position', () => {
  test('a fold up to a position gives exactly the rows that the tables had then', () => {
    fc.assert(
      fc.property(wishes, fc.nat({ max: 80 }), (wished, position) => {
        const commits = commitsOf(history(wished)).slice(0, position);
        const held = rowsAfter(projections, commits);
        const registry = commits.filter(commit => actorOf(commit) !== undefined);
        for (const id of ['storm', 'vote']) {
          const then = asOf(readable(commits.filter(commit => storyOf(commit) === id)), readable(registry));
          const mine = (table: string) => held[table]!.filter(row => row.story === id);
          const sorted = (rows: readonly object[]) =>
            rows.map(row => JSON.stringify(row, Object.keys(row).sort())).sort();
          expect(then.story).toEqual(readableIn(held, id));
          expect(sorted(then.timeline)).toEqual(sorted(mine('timeline')));
          expect(then.marks.map(({ development, mark }) => [development, mark].join()).sort()).toEqual(
            mine('actor_mark')
              .map(({ development, mark }) => [development, mark].join())
              .sort(),
          );
          for (const { mark, actor, facet, key, value, ...citation } of then.marks) {
            const { story, development, position, ordinal, begun } = citation;
            const place = { story, development, position, ordinal };
            expect(mine('actor_mark')).toContainEqual({ ...place, begun, mark, actor, facet, key, value });
            expect(mine('actor_citation')).toContainEqual(citation);
          }
          const places = [...then.marks].map(({ position, ordinal, mark }) => [position, ordinal, mark]);
          expect(places).toEqual(places.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!));
          expect(sorted(then.actors)).toEqual(sorted(held.actor!));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a story that was not opened has no rows', () =>
    expect(asOf([], [])).toEqual({ story: undefined, timeline: [], keyPoints: [], marks: [], actors: [] }));

  test('entries and marks are in story order, also after one of them was corrected', () => {
    const commits = storm(opened(), [recorded('b'), recorded('a')], recorded('c'), corrected('b', said('No.')));
    expect(asOf(commits, []).timeline.map(row => row.development)).toEqual(['b', 'a', 'c']);
    const more = said('No.', { data: { speaker: 'mayor', quote: 'No.', about: ['harbour', 'pier'] } });
    const marked = asOf([...commits, ...storm(corrected('b', more))], []).marks;
    expect([...new Set(marked.map(row => row.development))]).toEqual(['b', 'a', 'c']);
    expect(marked.map(row => row.development).lastIndexOf('b')).toBeLessThan(marked.length - 2);
  });
});

describe('a story as of an instant at which things happened', () => {
  const known = (...steps: Parameters<typeof storm>) => asOf(happenedBy(storm(opened(), ...steps), noon), []);
  const developments = (...steps: Parameters<typeof storm>) => known(...steps).timeline.map(row => row.development);

  test('developments that began later or at an unknown time are left out', () => {
    const unknown = said('?', { occurred: { precision: 'unknown' } });
    expect(
      developments(
        recorded('before', said('a', on(11))),
        recorded('then', said('b', on(12))),
        recorded('after', said('c', on(13))),
        recorded('unknown', unknown),
      ),
    ).toEqual(['before', 'then']);
  });

  test('a development that was over by then is included, even if its start is unknown', () => {
    const ended = (to: string) => said('a', { occurred: { to, precision: 'unknown' } });
    const by = ended('2026-01-01T12:00:00Z');
    expect(developments(recorded('by', by), recorded('later', ended('2026-01-01T13:00:00Z')))).toEqual(['by']);
  });

  test('the corrected start of a development counts, not the first one', () => {
    expect(developments(recorded('a', said('a', on(13))), corrected('a', said('a', on(11))))).toEqual(['a']);
    expect(developments(recorded('a', said('a', on(11))), corrected('a', said('a', on(13))))).toEqual([]);
  });

  test('counts, pins and replacements leave out everything that happened later', () => {
    const pin = { type: 'DevelopmentPinned', data: { development: 'late' } } as const;
    const replaced = { type: 'DevelopmentSuperseded', data: { development: 'a', by: 'late' } } as const;
    const steps = [recorded('a', said('a', on(11))), [recorded('late', said('b', on(13))), replaced], pin] as const;
    const { story, timeline, marks } = known(...steps.map(step => [step].flat() as OpenEvent[]));
    expect(story).toMatchObject({ developments: 1, pinned: null, position: 2, recorded: at(2) });
    expect(timeline).toMatchObject([{ development: 'a', status: 'active', superseded_by: null }]);
    expect(new Set(marks.map(({ development }) => development))).toEqual(new Set(['a']));
  });

  test('a retracted development is included as retracted', () =>
    expect(known(recorded('a', said('a', on(11))), retracted('a')).timeline).toMatchObject([{ status: 'retracted' }]));

  test('a condition has its outcome only if the development that settled it had happened by then', () => {
    const hanging = recorded('a', said('a', { ...on(11), ...onCondition('calm', 'it calms') }));
    const settled = (development?: string): OpenEvent => ({
      type: 'ConditionSettled',
      data: { condition: 'calm', fate: 'met', reason: 'Flat.', ...(development ? { development } : {}) },
    });
    const fate = (...steps: Parameters<typeof storm>) => known(hanging, ...steps).story!.conditions.calm!.fate;
    expect(fate(recorded('b', said('b', on(12))), settled('b'))).toBe('met');
    expect(fate(recorded('b', said('b', on(13))), settled('b'))).toBe(null);
  });

  test('an outcome without a development counts from the time of its recording', () => {
    const yesterday = { occurred: { from: '2025-12-31T11:00:00Z', precision: 'hour' as const } };
    const hanging = recorded('a', said('a', { ...yesterday, ...onCondition('calm', 'it calms') }));
    const data = { condition: 'calm', fate: 'met', reason: 'Flat.' } as const;
    const commits = storm(opened(), hanging, { type: 'ConditionSettled', data });
    const fate = (instant: number) => asOf(happenedBy(commits, instant), []).story!.conditions.calm!.fate;
    expect(fate(Date.parse(at(3)))).toBe('met');
    expect(fate(Date.parse(at(3)) - 1)).toBe(null);
  });
});
