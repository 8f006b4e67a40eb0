import {
  embargoStatusIn,
  evolve,
  noStory,
  type OpenCommit,
  type OpenEvent,
  readerVisibility,
  type StoryEvent,
  type StoryState,
  storyOf,
  storyStream,
} from '#domain';
import { outlined } from '#keys';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOf } from '../as-of.js';
import { happenedBy } from '../happened-by.fixture.js';
import { readable } from '../fold-all.js';
import { at, commitsOf, opened, recorded, retracted, rowsAfter, secrets, story } from '../given.fixture.js';
import { choices, contentBy, history } from '../history.fixture.js';
import { stories } from '../stories/projection.js';
import { projections } from '../list.js';

const wish = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const wishes = fc.array(wish, { maxLength: 80, size: 'max' });
/** Tables for the desk and auditors only. */
const notForReaders = new Set(['commit', 'withheld']);

/** All rows that answers to readers come from. */
const forReaders = (commits: readonly OpenCommit[]) =>
  Object.fromEntries(Object.entries(rowsAfter(projections, commits)).filter(([table]) => !notForReaders.has(table)));

const underEmbargo = (commits: readonly OpenCommit[]) =>
  new Set(
    rowsAfter(projections, commits).withheld!.map(
      ({ story, development }) => `${story as string}/${development as string}`,
    ),
  );

/** The same commits with other text in, and about, these developments. */
function replaced(commits: readonly OpenCommit[], ids: ReadonlySet<string>, other: number): OpenCommit[] {
  const also = (story: string | undefined, event: OpenEvent, i: number): OpenEvent => {
    if (!('development' in event.data) || !ids.has(`${story}/${event.data.development}`)) return event;
    const data: Record<string, unknown> = { ...event.data };
    const payload = { ...(data.told as Record<string, unknown> | undefined) };
    if ('content' in payload) {
      payload.content = contentBy(other + i);
      data.outline = outlined(payload.content as never, secrets.get(String(event.data.development)));
    }
    for (const text of ['wrong', 'reason', 'note']) if (text in payload) payload[text] = `Another: ${other}`;
    if ('told' in data) data.told = payload;
    if ('until' in data) data.until = '2026-02-02T12:00:00.000Z';
    return { ...event, data } as OpenEvent;
  };
  return commits.map((commit, i) => ({
    ...commit,
    events: commit.events.map(event => also(storyOf(commit), event, i)),
  }));
}

const embargoes = fc.tuple(wishes, wish, fc.nat({ max: 80 })).map(([wished, other, length]) => {
  const commits = commitsOf(history(wished)).slice(0, length);
  return { commits, others: replaced(commits, underEmbargo(commits), other) };
});

test('the write model and the folds show readers the same events', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(embargoes, ({ commits }) => {
      const states = new Map<string, StoryState>();
      const byState = commits.map(commit => {
        const before = states.get(commit.stream) ?? noStory;
        if (storyOf(commit) === undefined) return commit.events;
        const visibility = readerVisibility(commit.events, embargoStatusIn(before));
        visibility.forEach(kind => seen.add(kind));
        const evolved = commit.events.reduce((state, event) => evolve(state, event as StoryEvent, commit), before);
        states.set(commit.stream, evolved);
        return commit.events.filter((_, index) => visibility[index] === 'shown');
      });
      const types = (commits: readonly { readonly type: string }[][]) =>
        commits.map(list => list.map(({ type }) => type));
      expect(types(byState.map(events => [...events]))).toEqual(
        types(readable(commits).map(({ events }) => [...events])),
      );
    }),
    { numRuns: 300 },
  );
  // No decision lifts an embargo that has no effect; a forged record may.
  expect([...seen].sort()).toEqual(['shown', 'withheld']);
});

describe('the rows that readers get', () => {
  test('the rows that readers get do not depend on the text under embargo', () => {
    let differed = 0;
    fc.assert(
      fc.property(embargoes, ({ commits, others }) => {
        if (JSON.stringify(commits) !== JSON.stringify(others)) differed++;
        expect(forReaders(others)).toEqual(forReaders(commits));
      }),
      { numRuns: 100 },
    );
    expect(differed).toBeGreaterThan(20);
  });

  test('as of any position and instant, the rows that readers get do not depend on the text under embargo', () => {
    fc.assert(
      fc.property(embargoes, fc.nat({ max: 80 }), ({ commits, others }, position) => {
        for (const story of ['storm', 'vote']) {
          const then = (all: readonly OpenCommit[]) =>
            readable(all.filter(commit => storyOf(commit) === story && commit.position <= position));
          const payload = ({ story: row, timeline, marks }: ReturnType<typeof asOf>) => ({ row, timeline, marks });
          expect(payload(asOf(then(others), []))).toEqual(payload(asOf(then(commits), [])));
          const instant = Date.parse(at(0)) + position * 3_600_000;
          expect(payload(asOf(happenedBy(then(others), instant), []))).toEqual(
            payload(asOf(happenedBy(then(commits), instant), [])),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  test('the rows that readers get do not contain the id of a development under embargo', () => {
    const everything = commitsOf(history(choices(1_500, 11)));
    const ids = underEmbargo(everything);
    expect(ids.size).toBeGreaterThan(20);
    const tables = forReaders(everything);
    const those = ['timeline', 'timeline_change', 'actor_citation', 'actor_mark', ...Object.keys(stories.tables)];
    for (const row of those.flatMap(table => tables[table]!))
      for (const id of ids) {
        const [of, development] = id.split('/');
        if (row.story === of) expect(JSON.stringify(row)).not.toContain(development);
      }
  });

  test('the rows that readers get contain no proposals or approvals, only the act that was approved', () => {
    const proposal = 'b'.repeat(64);
    const about = { development: 'a', proposal, told: { reason: 'The secret reason.' } };
    const asked: OpenEvent[] = [
      { type: 'ApprovalsRequired', data: { acts: ['retract'], as: 'legal' } },
      { type: 'TakedownProposed', data: { development: 'a', told: about.told, ground: 'legal', as: 'editor' } },
      { type: 'RetractionProposed', data: { development: 'a', told: about.told, as: 'editor' } },
      { type: 'ProposalWithdrawn', data: about },
    ];
    const approved: OpenEvent = { type: 'ProposalApproved', data: { development: 'a', proposal, as: 'legal' } };
    const before = [[opened()], [recorded('a')]];
    const rows = (...more: OpenEvent[][]) =>
      forReaders(commitsOf([...before, ...more].map(events => ({ stream: storyStream(story), events }))));
    expect(rows(...asked.map(event => [event]))).toEqual(rows());
    const { timeline_change } = rows([approved, retracted('a')]);
    expect(timeline_change!.at(-1)).toMatchObject({ acts: [{ act: 'DevelopmentRetracted', development: 'a' }] });
    expect(JSON.stringify(rows(...asked.map(event => [event]), [approved, retracted('a')]))).not.toMatch(
      /secret|b{64}/,
    );
  });
});
