import { z } from 'zod';
import { isRefusal, refuse, type Refusal } from '../../errors.js';
import { DevelopmentId, Line, TextId } from '../../text.js';
import { defineAct, defineEvent, ofText, type Filling, type OtherEvent } from '../define.js';
import {
  changedUnder,
  keyPointsOf,
  longestKeyPoint,
  mostCites,
  mostKeyPoints,
  newKeyPointId,
  notCitable,
  revisionsOf,
  type KeyPoint,
} from '../key-points.js';
import type { StoryDecision, StoryState } from '../state.js';
import type { StoryEvent } from '../story.js';

const Words = Line(longestKeyPoint);
const Cites = z.array(DevelopmentId).min(1).max(mostCites);
const Listed = z.strictObject({ text: TextId, cites: Cites, checked: z.literal(true).optional() });
type Listed = z.infer<typeof Listed>;

const written: Filling<unknown> = {
  bound: 'keyPointsOfStory',
  full: 'Editors have written the maximum number of key points in the story',
  instead: 'Keep the points that the story has, or open another story.',
  count: ({ texts }) => texts.count(({ of }) => of === 'key-point'),
};

/** The words of a key point were written. The list in the same commit gives its place. Its payload is the words. */
export const keyPointWritten = defineEvent({
  type: 'KeyPointWritten',
  fields: { ...ofText, replaces: TextId.optional() },
  payload: z.strictObject({ words: Words }),
  readers: 'shown',
  evolve: (state, { text, told }) => {
    const { list, written: before } = keyPointsOf(state);
    return {
      ...state,
      keyPoints: { list, written: [...before, { text, told }].slice(-mostKeyPoints) },
      texts: state.texts.set(text, { of: 'key-point', status: 'active' }),
    };
  },
  reconstruct: (data, rest) => setAgain([{ type: 'KeyPointWritten', data }, ...rest]),
  fills: written,
});

/** The list of the story's key points: which there are, in which order, and which developments each one cites. */
export const keyPointsSet = defineEvent({
  type: 'KeyPointsSet',
  fields: { points: z.array(Listed).max(mostKeyPoints) },
  readers: 'shown',
  evolve: (state, { points }) => ({ ...state, keyPoints: { list: points.map(listed(state)), written: [] } }),
  reconstruct: (data, rest) => setAgain([{ type: 'KeyPointsSet', data }, ...rest]),
});

const listed =
  (state: StoryState) =>
  ({ text, cites, checked }: Listed): KeyPoint => {
    const { list, written: fresh } = keyPointsOf(state);
    const held = list.find(point => point.text === text);
    const seen = (development: string) =>
      (checked ? undefined : held?.cites.find(cite => cite.development === development)?.seen) ??
      revisionsOf(state.developments.get(development));
    const told = fresh.find(each => each.text === text)?.told ?? held?.told ?? null;
    return { text, cites: cites.map(development => ({ development, seen: seen(development) })), told };
  };

/** A point of the new list: one that the story has, or a new text. */
interface Sent {
  readonly text: string;
  readonly cites?: readonly string[] | undefined;
  readonly checked?: true | undefined;
  /** The payload of a new text. Absent: the story has the point, and keeps its words. */
  readonly told?: unknown;
  /** The point whose place a new text takes. */
  readonly replaces?: string | undefined;
}
const isNew = (sent: Sent): boolean => 'told' in sent;

function setAgain(events: readonly OtherEvent[]): StoryDecision {
  const texts = events.flatMap(({ type, data }) => (type === 'KeyPointWritten' ? [data as Sent] : []));
  const set = events.find(({ type }) => type === 'KeyPointsSet')?.data as { points: Listed[] } | undefined;
  return setKeyPoints.decide({
    points: (set?.points ?? []).map(point => ({ ...point, ...texts.find(({ text }) => text === point.text) })),
  });
}

/** The list's entry for a point, or a refusal. */
function entryOf(state: StoryState, sent: Sent, i: number): Listed | Refusal {
  const { list } = keyPointsOf(state);
  const named = isNew(sent) ? sent.replaces : sent.text;
  const held = list.find(({ text }) => text === named);
  if (named !== undefined && !held)
    return refuse('unknown-key-point', { path: ['points', i, 'point'], allowed: list.map(({ text }) => text) });
  const before = citedBy(held);
  const cites = sent.cites ?? before;
  if (held && !isNew(sent) && digestOf(cites) === digestOf(before)) return keptEntry(state, held, sent);
  const refused = cites.map((id, j) => notCitable(state, id, ['points', i, 'cites', j])).find(isRefusal);
  return refused ?? { text: sent.text, cites: [...cites] };
}

const citedBy = (point: KeyPoint | undefined): string[] => (point?.cites ?? []).map(({ development }) => development);

/** What a point cites is checked when it is set, so a struck point stays while others change. */
function keptEntry(state: StoryState, held: KeyPoint, { checked }: Sent): Listed {
  const { text } = held;
  return { text, cites: citedBy(held), ...(checked && changedUnder(state, held).length > 0 && { checked }) };
}

const digestOf = (ids: readonly string[]) => ids.toSorted().join();

const isSame = (entries: readonly Listed[], { list }: { readonly list: readonly KeyPoint[] }): boolean =>
  entries.length === list.length &&
  entries.every(
    ({ text, cites, checked }, i) => text === list[i]!.text && !checked && cites.join() === citedBy(list[i]).join(),
  );

/** Sets the key points of a story: the whole list. A point that keeps its words keeps its text. */
export const setKeyPoints = defineAct({
  does: 'set-key-points',
  on: 'story',
  route: 'key-points',
  summary:
    'Set a story’s key points, “what we know”: the whole list, in order; a point that keeps its words keeps its id',
  body: z
    .strictObject({
      points: z
        .array(
          z
            .strictObject({
              point: TextId.optional().meta({
                description: 'A point that the story has. Without it, the point is new.',
              }),
              text: Words.optional().meta({ description: 'Its words. Left out, the point keeps the ones it has.' }),
              cites: Cites.optional().meta({
                description: 'The developments that it rests on. Left out, the point keeps the ones it has.',
              }),
              checked: z
                .literal(true)
                .optional()
                .meta({ description: 'An editor read it again after a correction: it still holds as it is.' }),
            })
            .meta({ id: 'SentKeyPoint' }),
        )
        .max(mostKeyPoints),
    })
    .meta({ id: 'SetKeyPoints', description: 'The complete list: a point that is left out is removed.' }),
  sealing: ({ key, by, target: { story }, body: { points } }, state) => {
    if (state.status === 'none') return undefined;
    const [first, ...also] = points.flatMap(({ text }, n) =>
      text === undefined ? [] : [newKeyPointId(story, key, by.id, n)],
    );
    return first === undefined ? undefined : { key: first, isNew: true, also };
  },
  command: ({ key, by, target: { story }, body: { points } }): { readonly points: readonly Sent[] } | Refusal => {
    for (const [i, { point, text, cites }] of points.entries()) {
      const path = ['points', i];
      const lacks = (field: string, detail: string) => refuse('invalid-field', { path: [...path, field], detail });
      if (point === undefined && text === undefined) return lacks('text', 'is needed for a new point');
      if (point === undefined && cites === undefined) return lacks('cites', 'must name at least one development');
      if (cites && new Set(cites).size < cites.length) return lacks('cites', 'must name each development once');
      if (point !== undefined && points.findIndex(each => each.point === point) < i)
        return lacks('point', 'must be in the list once');
    }
    return {
      points: points.map(({ point, text, cites, checked }, n): Sent => {
        if (text === undefined) return { text: point!, cites, checked };
        return { text: newKeyPointId(story, key, by.id, n), replaces: point, cites, told: { words: text } };
      }),
    };
  },
  decide:
    ({ points }: { readonly points: readonly Sent[] }): StoryDecision =>
    state => {
      if (state.status === 'none') return refuse('unknown-story');
      const fresh = points.filter(isNew);
      if (fresh.some(({ text }) => state.texts.has(text))) return [];
      const entries: Listed[] = [];
      for (const [i, sent] of points.entries()) {
        const entry = entryOf(state, sent, i);
        if (isRefusal(entry)) return entry;
        entries.push(entry);
      }
      if (isSame(entries, keyPointsOf(state))) return [];
      return [
        ...fresh.map(({ text, replaces, told }): StoryEvent => ({
          type: 'KeyPointWritten',
          data: { text, ...(replaces !== undefined && { replaces }), told },
        })),
        { type: 'KeyPointsSet', data: { points: entries } },
      ];
    },
});
