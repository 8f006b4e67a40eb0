import type { ReadableEntry } from '#contract';
import { describe, expect, test } from '@jest/globals';
import type { Commit, DeskDevelopment, DeskStory } from './contracts.js';
import { behind, isSeen, learn, nothingKnown, rowsOf, type Known, type News, type ReadersChange } from './known.js';

const story = (seq: number, position: number, readable = position): DeskStory => ({
  ...{
    id: 's',
    header: null,
    title: 'S',
    zone: 'UTC',
    status: 'open',
    pinned: null,
    review: 'post',
    defaults: { sourcing: { basis: 'desk', standing: 'reported' }, modality: { mode: 'asserted' } },
    developments: 1,
    keyPoints: { listed: 0, toRewrite: 0, toCheck: 0 },
    head: `h${seq}`,
    seq,
    position,
    readable,
  },
});
const development = (id: string, more: Partial<DeskDevelopment> = {}) =>
  ({
    id,
    kind: 'context',
    status: 'active',
    supersededBy: null,
    standing: 'reported',
    key: false,
    conditions: [],
    links: [],
    embargo: null,
    ...more,
  }) as DeskDevelopment;
const entry = (id: string, position: number, changed = position) =>
  ({ id, position, changed, headline: id }) as unknown as ReadableEntry;
const commit = (position: number, id: string): Commit => ({
  ...{ commit: `c${position}`, position, recorded: '2026-01-01T00:00:00.000Z', command: 'k', by: { id: 'ed' } },
  ...{ events: [{ type: 'DevelopmentRecorded', development: id }], development: id },
});
const commitNews = (seq: number, position: number, id: string, at = 0): News => ({
  news: 'commit',
  commit: { commit: commit(position, id), story: story(seq, position), developments: [development(id)], settled: {} },
  at,
});
const loaded = (seq: number, position: number, ...ids: string[]): News => ({
  news: 'loaded',
  all: { position, story: story(seq, position), developments: ids.map(id => development(id)), settled: {} },
});
const readers = (position: number, ...entries: ReadableEntry[]): News => ({
  news: 'readers-page',
  page: { position, entries, next: null },
});
const after = (...news: News[]): Known => news.reduce(learn, nothingKnown);
const ids = (known: Known) => rowsOf(known).map(({ development }) => development.id);

describe('what the desk knows', () => {
  test('a closed story knows where its coverage goes on, from what is loaded and from a change, until it is reopened', () => {
    const change = (more: Partial<ReadersChange>): News => ({
      news: 'readers-change',
      change: { position: 4, entries: [], ...more },
      at: 0,
    });
    const page = { position: 3, entries: [], next: null };
    const closed: News = { news: 'readers-page', page, continues: 'night' };
    expect(after(closed).continues).toBe('night');
    expect(after(closed, readers(3)).continues).toBe('night');
    expect(after(closed, change({})).continues).toBe('night');
    expect(after(closed, change({ status: 'open' })).continues).toBeUndefined();
    expect(after(change({ status: 'closed', continues: 'day-two' })).continues).toBe('day-two');
    expect(after(closed, { news: 'readers-page', page, continues: null }).continues).toBeUndefined();
  });

  test('rows are sorted newest first, with those that readers do not see yet on top', () => {
    const known = after(loaded(3, 3, 'a', 'b'), readers(3, entry('a', 2), entry('b', 3)), commitNews(4, 4, 'c'));
    expect(ids(known)).toEqual(['c', 'b', 'a']);
    expect(rowsOf(known)[0]).not.toHaveProperty('entry');
    expect(behind(known)).toBe(1);
  });

  test('a row gets what readers see, and how much later they saw it', () => {
    const change: News = { news: 'readers-change', change: { position: 4, entries: [entry('c', 4)] }, at: 130 };
    const known = after(loaded(3, 3), readers(3), commitNews(4, 4, 'c', 100), change);
    expect([behind(known), known.delay, rowsOf(known)[0]?.entry?.headline]).toEqual([0, 30, 'c']);
  });

  test('rows beyond the loaded pages of the readers’ timeline are left out', () => {
    const page: News = { news: 'readers-page', page: { position: 3, entries: [entry('b', 3)], next: '/older' } };
    expect(ids(after(loaded(3, 3, 'a', 'b'), page))).toEqual(['b']);
    expect(ids(after(loaded(3, 3, 'a', 'b'), page, readers(-1, entry('a', 2))))).toEqual(['b', 'a']);
  });

  test('a story that is loaded again keeps none of the older entries, whose words may have been taken down since', () => {
    const page: News = { news: 'readers-page', page: { position: 3, entries: [entry('b', 3)], next: '/older' } };
    const condition = { id: 'calm', text: 'it calms', fate: null, reason: null };
    const modality = { mode: 'conditional', conditions: [condition] };
    const older = readers(-1, { ...entry('a', 2), modality } as unknown as ReadableEntry);
    const before = after(loaded(3, 3, 'a', 'b'), page, older);
    expect([[...before.entries.keys()], Object.keys(before.conditions)]).toEqual([['b', 'a'], ['calm']]);
    const again = learn(before, page);
    expect([[...again.entries.keys()], again.conditions, ids(again)]).toEqual([['b'], {}, ['b']]);
  });

  test('an old post that changed lately is no new one after the story was loaded again', () => {
    const page = (position: number): News => ({
      ...{ news: 'readers-page', page: { position, entries: [entry('b', 3)], next: '/older' } },
    });
    const changed: News = { news: 'readers-change', change: { position: 4, entries: [entry('a', 2, 4)] }, at: 0 };
    const before = after(loaded(3, 3, 'a', 'b'), page(3), commitNews(4, 4, 'a'));
    expect(ids(before)).toEqual(['a', 'b']);
    expect(ids(learn(learn(before, changed), page(4)))).toEqual(['b']);
  });

  test('older news does not replace newer news', () => {
    const known = after(commitNews(5, 5, 'c'), loaded(4, 4, 'a'));
    expect([known.story?.seq, known.developments.size]).toEqual([5, 2]);
    expect(after(readers(5, entry('a', 2, 5)), readers(4, entry('a', 2, 2))).entries.get('a')?.changed).toBe(5);
    expect(after(commitNews(5, 5, 'c'), commitNews(4, 4, 'b')).story?.seq).toBe(5);
  });

  test('what was known before a line was lost does not replace what is loaded, only what a newer commit told does', () => {
    const developments = [development('a', { status: 'retracted' }), development('b')];
    const all: News = { news: 'loaded', all: { position: 5, story: story(5, 5), developments, settled: {} } };
    // The line was lost after commit 4, and missed commit 5. Commit 6 comes while the state after 5 is being loaded.
    const known = after(loaded(3, 3, 'a'), commitNews(4, 4, 'a'), commitNews(6, 6, 'b'), all);
    const statuses = [...known.developments.values()].map(({ id, status }) => [id, status]);
    expect(statuses).toEqual([
      ['a', 'retracted'],
      ['b', 'active'],
    ]);
    expect(known.story?.seq).toBe(6);
  });

  test('readers are not behind because of commits that they never see', () => {
    const withheld = {
      news: 'loaded',
      all: { position: 6, story: story(4, 6, 3), developments: [], settled: {} },
    } as const;
    expect(behind(after(withheld, readers(3)))).toBe(0);
    expect(behind(after(withheld, readers(2)))).toBe(1);
  });

  test('conditions come from the entries and the changes of readers', () => {
    const condition = { id: 'calm', text: 'it calms', fate: null, reason: null };
    const hanging = {
      ...entry('a', 2),
      modality: { mode: 'conditional', conditions: [condition] },
    } as unknown as ReadableEntry;
    const change: News = { news: 'readers-change', change: { position: 2, entries: [hanging] }, at: 1 };
    expect(after(loaded(1, 1), change).conditions).toEqual({ calm: { text: 'it calms', fate: null } });
    const fated = { calm: { text: 'it calms', fate: 'met' } } as unknown as ReadersChange['conditions'];
    const settled: News = { news: 'readers-change', change: { position: 3, entries: [], conditions: fated }, at: 1 };
    expect(after(loaded(1, 1), change, settled).conditions).toEqual(fated);
  });

  test('it is unknown how far readers are behind until they are reached', () =>
    expect(behind(after(loaded(3, 3)))).toBeUndefined());
});

test('readers see a position once they have all that they will ever see up to it', () => {
  const known = { story: story(3, 20, 10), visible: 10 };
  expect(isSeen(known, 10)).toBe(true);
  // The last act, at 20, changes nothing for readers.
  expect(isSeen(known, 20)).toBe(true);
  expect(isSeen({ ...known, visible: 9 }, 20)).toBe(false);
  // The desk does not know yet whether readers will see 21.
  expect(isSeen(known, 21)).toBe(false);
  expect(isSeen({ visible: 30 } as Pick<Known, 'story' | 'visible'>, 20)).toBe(false);
});
