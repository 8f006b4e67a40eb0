import { storyStream, type Commit, type OpenCommit, type OpenEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readable } from '../folds/fold-all.js';
import {
  commitsOf,
  corrected,
  embargoed,
  keys,
  lifted,
  opened,
  recorded,
  retracted,
  said,
  story,
} from '../folds/given.fixture.js';
import { history } from '../folds/history.fixture.js';
import { openReadable } from './open-readable.js';

/** A key store that records whose keys were requested. */
function noting() {
  const asked = new Set<string>();
  const keysOf = async (ids: Iterable<string>) => new Map([...ids].map(id => (asked.add(id), [id, keys.get(id)])));
  return { asked, keysOf };
}

const sealedOf = (commits: readonly OpenCommit[]): Commit[] =>
  commits.map(({ sealed, ...commit }) => ({ ...commit, events: sealed }));
const inStory = (...commits: (OpenEvent | OpenEvent[])[]) =>
  commitsOf(commits.map(events => ({ stream: storyStream(story), events: [events].flat() })));
const proposed: OpenEvent = {
  type: 'RetractionProposed',
  data: { development: 'a', as: 'editor', told: { reason: 'Wrong.' } },
};

describe('what readers may learn of commits', () => {
  test('is opened, and no key of an embargo is asked for', async () => {
    const commits = inStory(
      opened(),
      recorded('a'),
      embargoed('secret', said('An embargo.')),
      embargoed('later', said('Until noon.')),
      corrected('later', said('Until one.')),
      corrected('secret', said('Another.')),
      proposed,
      lifted('later'),
    );
    const store = noting();
    const shown = await openReadable(store, sealedOf(commits));
    expect([...store.asked].sort()).toEqual(['a', 'later']);
    expect(shown.map(({ events }) => events)).toEqual(readable(commits).map(({ events }) => events));
    expect(JSON.stringify(shown)).toContain('Until one.');
    expect(JSON.stringify(shown)).not.toMatch(/An embargo|Another\.|Wrong/);
  });

  test('asks for nobody’s keys where all is under embargo', async () => {
    const store = noting();
    await openReadable(store, sealedOf(inStory(opened(), embargoed('secret'), retracted('secret'), lifted('secret'))));
    expect([...store.asked]).toEqual([]);
  });

  test('is the same as if all had been opened, whatever the history', async () => {
    let embargoes = 0;
    const wishes = fc.array(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(wishes, async wished => {
        const commits = commitsOf(history(wished));
        const store = noting();
        const shown = await openReadable(store, sealedOf(commits));
        const whole = readable(commits);
        expect(shown.map(({ events }) => events)).toEqual(whole.map(({ events }) => events));
        const seen = new Set(
          whole.flatMap(({ events }) =>
            events.flatMap(({ data }) => ('development' in data ? [data.development] : [])),
          ),
        );
        for (const id of store.asked) expect(seen).toContain(id);
        if (whole.some(({ withheld }) => withheld.some(({ data }) => 'told' in data && !seen.has(data.development))))
          embargoes++;
      }),
    );
    expect(embargoes).toBeGreaterThan(10);
  });
});
