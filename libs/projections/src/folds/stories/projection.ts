import { type Content, type Outline, storyOf, unsettled, words } from '#domain';
import { untouched, type OtherType, type Projection, type ShownEvent } from '../fold.js';
import { contentIn, isForgotten } from '../forgotten.js';
import type { ConditionState, StoryRow } from './rows.js';

type Conditions = StoryRow['conditions'];

// An id may equal the name of a property that every object inherits.
const known = (held: Conditions, id: string) => (Object.hasOwn(held, id) ? held[id] : undefined);

const withConditions = (held: Conditions, content: Content): Conditions =>
  (content.modality.conditions ?? []).reduce(
    (all, { id, text }) => ({ ...all, [id]: { ...(known(all, id) ?? unsettled), text } }),
    held,
  );

/** A condition that only taken-down developments name has its id as text. */
const withOutlined = (held: Conditions, { conditions }: Outline): Conditions =>
  conditions.reduce((all, id) => (known(all, id) ? all : { ...all, [id]: { ...unsettled, text: words(id) } }), held);

/** The conditions after a recording, a correction or the end of an embargo; `content` is null if it is forgotten. */
const conditionsAfter = (held: Conditions, content: Content | null, outline: Outline): Conditions =>
  content ? withConditions(held, content) : withOutlined(held, outline);

const withDevelopment = (row: StoryRow, content: Content | null, outline: Outline): Partial<StoryRow> => ({
  ...(content ? { developments: row.developments + 1 } : { shredded: row.shredded + 1 }),
  conditions: conditionsAfter(row.conditions, content, outline),
});

function settle(held: Conditions, id: string, fate: Omit<ConditionState, 'text'>): Conditions {
  const condition = known(held, id);
  return condition ? { ...held, [id]: { ...condition, ...fate } } : held;
}

type At = { readonly story: string; readonly position: number; readonly recorded: string };

function evolve(row: StoryRow | undefined, event: ShownEvent, at: At): StoryRow | undefined {
  if (event.type === 'StoryOpened') {
    const { title, zone, summary = null, language = null } = event.data;
    const profile = { title, summary, zone, language };
    const counts = { developments: 0, shredded: 0, pinned: null, conditions: {} };
    return { ...at, ...profile, ...counts, status: 'open', opened: at.recorded, closed: null };
  }
  return row && { ...row, ...changes(row, event, at), position: at.position, recorded: at.recorded };
}

/** The events that do not affect this table. */
type IgnoredType =
  | OtherType
  | 'StoryOpened'
  | 'DevelopmentSuperseded'
  | 'DevelopmentReinstated'
  | 'DevelopmentVerified'
  | 'DevelopmentDisputed'
  | 'DevelopmentClassified'
  | 'DevelopmentMarkedKey'
  | 'DevelopmentUnmarkedKey'
  | 'DevelopmentEmbargoed'
  | 'DevelopmentLinked'
  | 'DevelopmentUnlinked';

function changes(row: StoryRow, event: ShownEvent, { position, recorded }: At): Partial<StoryRow> {
  const { type, data } = event;
  switch (type) {
    case 'StoryClosed':
      return { status: 'closed', closed: recorded };
    case 'StoryReopened':
      return { status: 'open', closed: null };
    case 'DevelopmentRecorded':
      return withDevelopment(row, contentIn(event), data.outline);
    case 'EmbargoLifted':
      return withDevelopment(row, contentIn(event), data.withheld.outline);
    case 'DevelopmentCorrected':
      return { conditions: conditionsAfter(row.conditions, contentIn(event), data.outline) };
    case 'DevelopmentRetracted':
      // A development whose key was destroyed was never counted.
      return {
        developments: row.developments - (isForgotten(event) ? 0 : 1),
        pinned: row.pinned === data.development ? null : row.pinned,
      };
    case 'ContentShredded':
    case 'DevelopmentUnpinned':
      return { pinned: row.pinned === data.development ? null : row.pinned };
    case 'DevelopmentPinned':
      return { pinned: data.development };
    case 'ConditionSettled': {
      const { condition, fate, reason, development = null } = data;
      return { conditions: settle(row.conditions, condition, { fate, reason, development, position }) };
    }
    default:
      return untouched(type satisfies IgnoredType, {});
  }
}

/** The list of stories, with a summary of each. */
export const stories: Projection = {
  name: 'stories',
  version: 4,
  tables: { story: { key: ['story'], by: ['story'], story: 'story', past: 'versions', manyVersions: true } },
  readers: ['story'],
  touches(commit) {
    const story = storyOf(commit);
    return story ? [{ table: 'story', values: [story] }] : [];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const at = { story, position: commit.position, recorded: commit.recorded };
    const row = commit.events.reduce<StoryRow | undefined>(
      (before, event) => evolve(before, event, at),
      held.get('story', [story]),
    );
    return row ? [{ table: 'story', put: row }] : [];
  },
};
