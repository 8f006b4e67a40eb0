import { storyOf, type OpenEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commitsOf, keys, readableIn, rowsAfter, unbegun } from './given.fixture.js';
import { choices, history, recordsOf } from './history.fixture.js';
import { tablesOf } from './fold.js';
import { projections } from './list.js';
import { arbitrateAll, settle } from '../engine/settle.js';

const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 60 });
const everything = history(choices(4_000, 7));
const allEvents = everything.flatMap(({ events }) => events);

describe('the projections', () => {
  test('the random test histories contain every type of event in this list', () => {
    const types = new Set(allEvents.map(({ type }) => type));
    expect([...types].sort()).toEqual([
      'ActorAmended',
      'ActorAmendedSealed',
      'ActorRegistered',
      'ActorRegisteredSealed',
      'ConditionSettled',
      'ConditionSettledSealed',
      'DevelopmentClassified',
      'DevelopmentCopyEdited',
      'DevelopmentCorrected',
      'DevelopmentDisputed',
      'DevelopmentEmbargoed',
      'DevelopmentLinked',
      'DevelopmentMarkedKey',
      'DevelopmentPinned',
      'DevelopmentRecaptured',
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
      'KeyPointWritten',
      'KeyPointsSet',
      'StoryAmended',
      'StoryClosed',
      'StoryClosedSealed',
      'StoryOpened',
      'StoryOpenedSealed',
      'StoryReopened',
      'StoryReopenedSealed',
    ]);
  });

  test('the test histories are read from a log without any quarantine', () => {
    const records = recordsOf(everything);
    const read = settle(unbegun, records, arbitrateAll(unbegun, records), keys);
    expect(read.progress.quarantined).toEqual(new Map());
    expect(read.commits.slice(1).map(({ stream, events }) => ({ stream, events }))).toEqual(everything);
  });

  test('commits that editors can make fold to the same rows in any batches', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(wishes, sizes, (wished, batches) => {
        const commits = commitsOf(history(wished));
        expect(rowsAfter(projections, commits, batches)).toEqual(rowsAfter(projections, commits));
      }),
    );
  });

  test('events in any order and stream fold without an error, and to the same rows in any batches', () => {
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

  test('a table with a past that commits of stories write names its column with the story: a takedown folds its rows again', () => {
    const commits = commitsOf(history(choices(600, 7)).filter(commit => storyOf(commit)));
    const rows = rowsAfter(projections, commits);
    const tables = Object.entries(tablesOf(projections)).filter(([table, { past }]) => past && rows[table]!.length > 0);
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.flatMap(([table, { story: column }]) => (column ? [] : [table]))).toEqual([]);
  });

  test('each superseded row names its successor, which lists it and is not retracted', () => {
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

  test("the story's count, pin and citations agree with its timeline", () => {
    fc.assert(
      fc.property(wishes, wished => {
        const rows = rowsAfter(projections, commitsOf(history(wished)));
        const { story_state: known = [], timeline = [], actor_citation = [] } = rows;
        for (const { story: id } of known) {
          const { developments, pinned } = readableIn(rows, id as string)!;
          const mine = timeline.filter(row => row.story === id);
          const standing = mine.filter(row => row.status !== 'retracted');
          expect(standing).toHaveLength(developments);
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
