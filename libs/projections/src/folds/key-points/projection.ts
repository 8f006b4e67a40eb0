import { payloadOf, storyOf } from '#domain';
import type { Projection, ShownCommit, ShownEvent } from '../fold.js';
import type { KeyPointRow } from './rows.js';

type OwnEvent = Extract<ShownEvent, { type: 'KeyPointWritten' | 'KeyPointsSet' | 'TextShredded' }>;
const isOwn = (event: ShownEvent): event is OwnEvent =>
  ['KeyPointWritten', 'KeyPointsSet', 'TextShredded'].includes(event.type);

type Rows = ReadonlyMap<string, KeyPointRow>;
type At = Pick<ShownCommit, 'position' | 'recorded'> & { readonly story: string };

const isSame = (one: readonly string[], other: readonly string[]) => one.join() === other.join();

/** The rows that an event changes. */
function changedBy({ type, data }: OwnEvent, rows: Rows, { story, position, recorded }: At): KeyPointRow[] {
  const at = { position, recorded };
  switch (type) {
    case 'KeyPointWritten': {
      const { text, replaces } = data;
      const first = (replaces === undefined ? undefined : rows.get(replaces)?.first) ?? position;
      const words = payloadOf(data)?.words ?? null;
      return [{ story, text, place: null, words, cites: [], ...at, first, takedown: null }];
    }
    case 'KeyPointsSet': {
      const listed = data.points.flatMap(({ text, cites }, place): KeyPointRow[] => {
        const row = rows.get(text);
        if (!row) return [];
        return [isSame(cites, row.cites) ? { ...row, place } : { ...row, place, cites, ...at }];
      });
      const kept = new Set(listed.map(({ text }) => text));
      const gone = [...rows.values()].filter(({ text, place }) => place !== null && !kept.has(text));
      return [...listed, ...gone.map(row => ({ ...row, place: null }))];
    }
    case 'TextShredded': {
      const row = rows.get(data.text);
      return row ? [{ ...row, takedown: { ground: data.ground, ...at } }] : [];
    }
  }
}

/**
 * The key points of each story. Whether one is struck is not in its row: it follows from the rows of the developments that it cites, which
 * the same transaction changes.
 */
export const keyPoints: Projection = {
  name: 'key-points',
  version: 1,
  tables: { key_point: { key: ['story', 'text'], by: ['story'], story: 'story', past: 'versions' } },
  readers: ['key_point'],
  touches(commit) {
    const story = storyOf(commit);
    const isTouched = commit.events.some(({ type }) =>
      ['KeyPointWritten', 'KeyPointsSet', 'TextShredded'].includes(type),
    );
    return story && isTouched ? [{ table: 'key_point', values: [story] }] : [];
  },
  fold(held, { position, recorded, ...commit }) {
    const story = storyOf(commit);
    const events = commit.events.filter(isOwn);
    if (!story || events.length === 0) return [];
    const before = new Map(held.where<KeyPointRow>('key_point', [story]).map(row => [row.text, row]));
    const rows = new Map(before);
    for (const event of events)
      for (const row of changedBy(event, rows, { story, position, recorded })) rows.set(row.text, row);
    const changed = [...rows.values()].filter(row => before.get(row.text) !== row);
    return changed.map(put => ({ table: 'key_point', put }));
  },
};
