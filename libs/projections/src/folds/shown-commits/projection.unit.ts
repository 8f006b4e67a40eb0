import { canonicalJson, storyOf } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOf } from '../as-of.js';
import { happenedBy } from '../happened-by.fixture.js';
import { readable } from '../fold-all.js';
import {
  at,
  commitsOf,
  edited,
  embargoed,
  givenFor,
  lifted,
  ofActor,
  opened,
  recorded,
  retracted,
  rowsAfter,
  said,
  takenDown,
  withForgottenPayload,
  type Payload,
} from '../given.fixture.js';
import { choices, history } from '../history.fixture.js';
import { shownCommits, type ShownCommitRow } from './projection.js';

const given = givenFor(shownCommits);
const profile = { name: 'Mayor', kind: 'person' as const, aliases: [], affiliations: [] };

describe('what readers may learn of commits', () => {
  test("a row has the commit's events with their content, and the author's name", () =>
    given(opened(), recorded('a')).then({
      shown_commit: [
        { position: 1, story: 'storm', stream: 'story:storm' },
        {
          position: 2,
          recorded: at(2),
          by: { name: 'Ed' },
          events: [
            {
              type: 'DevelopmentRecorded',
              data: {
                development: 'a',
                outline: { kind: 'statement', standing: 'reported', conditions: [] },
                told: { content: said('a') },
              },
            },
          ],
        },
      ],
    }));

  test('rows contain no roles, digests, ids of proposals or reasons for closing a story', () => {
    const closed = { type: 'StoryClosed', data: { reason: 'because-secret' } } as const;
    const signed = { ...recorded('a'), data: { ...recorded('a').data, as: 'reporter', rules: 2 } } as never;
    const rows = rowsAfter(
      [shownCommits],
      commitsOf([opened(), signed, takenDown('a'), closed].map(event => ({ stream: 'story:storm', events: [event] }))),
    );
    expect(rows.shown_commit).toHaveLength(4);
    const text = JSON.stringify(rows.shown_commit);
    for (const hidden of ['reporter', 'rules', 'digest', 'proposal', 'because-secret', '"id"'])
      expect(text).not.toContain(hidden);
  });

  test('what shapes a story’s row: its opening and its conditions, and no minor edit', () =>
    given(opened(), recorded('a'), edited('a', said('a'), { headline: 'b' }), retracted('a')).then({
      shown_commit: [{ shaping: true }, { shaping: false }, { shaping: false }, { shaping: true }],
    }));

  test("a commit under embargo has no row; the lift's row does not say until when it was withheld", () => {
    const until = '2026-05-01T00:00:00.000Z';
    given(opened(), embargoed('a', said('a'), until), retracted('b'), lifted('a')).then({
      shown_commit: [{ position: 1 }, { position: 3 }, { position: 4 }],
    });
    const steps = [[opened()], embargoed('a', said('a'), until), [lifted('a')]];
    const rows = rowsAfter([shownCommits], commitsOf(steps.map(events => ({ stream: 'story:storm', events }))));
    expect(JSON.stringify(rows.shown_commit)).not.toContain(until);
    const [{ data }] = (rows.shown_commit as unknown as ShownCommitRow[]).at(-1)!.events as never as [
      { data: { withheld: object } },
    ];
    expect(Object.keys(data.withheld).sort()).toEqual(
      ['by', 'content', 'development', 'key', 'links', 'outline', 'recorded', 'standing', 'takedown'].sort(),
    );
  });

  test('rows contain no text of a development whose key was destroyed', () => {
    const steps = [opened(), withForgottenPayload(recorded('a', said('gone-words'))), takenDown('a')];
    const rows = rowsAfter([shownCommits], commitsOf(steps.map(event => ({ stream: 'story:storm', events: [event] }))));
    expect(rows.shown_commit).toHaveLength(3);
    expect(JSON.stringify(rows.shown_commit)).not.toContain('gone-words');
  });

  test('the log’s own commits get rows too, and those of the registry and of other streams do not', () => {
    const logOpened = { type: 'LogOpened', data: { name: 'test' } } as const;
    given(
      ...['log', 'log of another', 'desk:1', ''].map(stream => ({ stream, events: [logOpened] })),
      ofActor('mayor', { type: 'ActorRegistered', data: profile }),
    ).then({
      shown_commit: [{ stream: 'log', story: null }],
    });
  });

  test('these rows alone fold to every row that readers get, for any history and as of any instant', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 60 }), (seed, seconds) => {
        const commits = commitsOf(JSON.parse(canonicalJson(history(choices(60, seed)))) as Payload[]);
        const stored = rowsAfter([shownCommits], commits).shown_commit as unknown as ShownCommitRow[];
        const rows = stored.toSorted((a, b) => a.position - b.position);
        for (const id of new Set(commits.flatMap(commit => storyOf(commit) ?? []))) {
          const whole = readable(commits.filter(commit => storyOf(commit) === id));
          const shown = rows.filter(({ story }) => story === id);
          const instant = Date.parse(at(seconds));
          for (const [ours, theirs] of [
            [asOf(shown, []), asOf(whole, [])],
            [asOf(happenedBy(shown, instant), []), asOf(happenedBy(whole, instant), [])],
          ] as const)
            expect({ ...ours }).toEqual({ ...theirs });
        }
      }),
      { numRuns: 60 },
    ));
});
