import type { OpenEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commitsOf, keys, rowsAfter, unbegun } from './given.fixture.js';
import { choices, history, recordsOf } from './history.fixture.js';
import { projections } from './list.js';
import { arbitrateAll, settle } from '../engine/settle.js';

const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 60 });
const everything = history(choices(2_000, 7));
const allEvents = everything.flatMap(({ events }) => events);

describe('the projections', () => {
  test('are tried with every event there is', () => {
    const types = new Set(allEvents.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      'ActorAmended',
      'ActorRegistered',
      'ConditionSettled',
      'DevelopmentClassified',
      'DevelopmentCorrected',
      'DevelopmentDisputed',
      'DevelopmentEmbargoed',
      'DevelopmentLinked',
      'DevelopmentMarkedKey',
      'DevelopmentPinned',
      'DevelopmentRecorded',
      'DevelopmentReinstated',
      'DevelopmentRetracted',
      'DevelopmentSuperseded',
      'DevelopmentUnlinked',
      'DevelopmentUnmarkedKey',
      'DevelopmentUnpinned',
      'DevelopmentVerified',
      'EmbargoChanged',
      'EmbargoLifted',
      'StoryClosed',
      'StoryOpened',
      'StoryReopened',
    ]);
  });

  test('are tried with commits that a log holds as they are', () => {
    const records = recordsOf(everything);
    const read = settle(unbegun, records, arbitrateAll(unbegun, records), keys);
    expect(read.progress.quarantined).toEqual(new Map());
    expect(read.commits.slice(1).map(({ stream, events }) => ({ stream, events }))).toEqual(everything);
  });

  test('fold what the desk decides to the same rows, whatever the batches', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(wishes, sizes, (wished, batches) => {
        const commits = commitsOf(history(wished));
        expect(rowsAfter(projections, commits, batches)).toEqual(rowsAfter(projections, commits));
      }),
    );
  });

  test('fold events in any order, of any stream, without an error, and still to the same rows', () => {
    const event = fc.nat({ max: allEvents.length - 1 }).map(i => allEvents[i]!);
    const stream = fc.constantFrom('log', 'story:storm', 'story:vote', 'actor:mayor', 'desk:1', '');
    const told = fc.record({ stream, events: fc.array<OpenEvent>(event, { minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (wild, size) => {
        const commits = commitsOf(wild);
        expect(rowsAfter(projections, commits, [size])).toEqual(rowsAfter(projections, commits));
      }),
      { numRuns: 200 },
    );
  });

  test('name the successor where they name the superseded, and the other way round, unless it was retracted', () => {
    fc.assert(
      fc.property(wishes, wished => {
        const { timeline = [] } = rowsAfter(projections, commitsOf(history(wished)));
        const pairs = timeline.flatMap(row => (row.supersedes as string[]).map(id => [row.story, id, row.development]));
        const others = timeline.filter(row => row.status === 'superseded');
        const named = others.map(row => [row.story, row.development, row.superseded_by]);
        expect(pairs).toEqual(expect.arrayContaining(named));
        for (const row of others)
          expect(timeline).toContainEqual(
            expect.objectContaining({
              story: row.story,
              development: row.superseded_by,
              status: expect.not.stringMatching('retracted'),
            }),
          );
      }),
    );
  });

  test('count in the list of stories what the timeline shows, and pin what it pins', () => {
    fc.assert(
      fc.property(wishes, wished => {
        const { story = [], timeline = [], actor_citation = [] } = rowsAfter(projections, commitsOf(history(wished)));
        for (const { story: id, developments, pinned } of story) {
          const mine = timeline.filter(row => row.story === id);
          const standing = mine.filter(row => row.status !== 'retracted');
          expect(standing).toHaveLength(developments as number);
          expect(mine.filter(row => row.pinned).map(row => row.development)).toEqual(pinned === null ? [] : [pinned]);
          const cited = actor_citation.filter(row => row.story === id);
          const common = ({ development, status, standing, position }: (typeof cited)[number]) => ({
            development,
            status,
            standing,
            position,
          });
          expect(cited.map(common)).toEqual(standing.map(row => common(row)));
        }
      }),
    );
  });
});
