import { payloadOf, type Content, type HeaderWords, type Outline, storyOf, unsettled, words } from '#domain';
import {
  signatureOf,
  untouched,
  type Change,
  type OtherType,
  type Projection,
  type ShownCommit,
  type ShownEvent,
} from '../fold.js';
import { contentIn, isForgotten } from '../forgotten.js';
import type { ConditionState, HeaderRow, StoryRow } from './rows.js';

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
  if (isHeader(event) && event.type !== 'StoryAmended') {
    const counts = { developments: 0, pinned: null, conditions: {} };
    return {
      ...at,
      ...withHeader(event, 0),
      ...counts,
      status: 'open',
      opened: at.recorded,
      closed: null,
      ended: null,
      continues: null,
    };
  }
  return row && { ...row, ...changes(row, event, at), position: at.position, recorded: at.recorded };
}

type HeaderEvent = Extract<ShownEvent, { type: 'StoryOpened' | 'StoryOpenedSealed' | 'StoryAmended' }>;
type HeaderColumns = Pick<HeaderRow, 'title' | 'summary' | 'zone' | 'language' | 'starts' | 'ends'>;

const isHeader = (event: ShownEvent): event is HeaderEvent =>
  ['StoryOpened', 'StoryOpenedSealed', 'StoryAmended'].includes(event.type);

/** The header that an event gives a story. Its words are null where their key was destroyed. */
function columnsOf(event: HeaderEvent): HeaderColumns {
  const { type, data } = event;
  const words: Partial<HeaderWords> = type === 'StoryOpened' ? data : (payloadOf(data) ?? {});
  const { starts = null, ends = null } = type === 'StoryOpened' ? {} : data;
  const { title = null, summary = null } = words;
  return { title, summary, zone: data.zone, language: data.language ?? null, starts, ends };
}

const textIn = ({ type, data }: HeaderEvent): string | null => (type === 'StoryOpened' ? null : data.text);

/** The columns of a story's row after it got a header. */
const withHeader = (
  event: HeaderEvent,
  shredded: number,
): Pick<StoryRow, keyof HeaderColumns | 'header' | 'shredded'> => ({
  ...columnsOf(event),
  header: textIn(event),
  shredded: shredded + (isForgotten(event) ? 1 : 0),
});

/** The rows of the headers that a commit writes, and those that it takes down. */
function headersOf({ events, ...commit }: ShownCommit, story: string, held: readonly HeaderRow[]): HeaderRow[] {
  const { position, recorded, by } = commit;
  return events.flatMap((event): HeaderRow[] => {
    if (isHeader(event)) {
      const reason = event.type === 'StoryAmended' ? (payloadOf(event.data)?.reason ?? null) : null;
      const written = { story, position, recorded, by: signatureOf(by), text: textIn(event) };
      return [{ ...written, ...columnsOf(event), reason, takedown: null }];
    }
    const { type, data } = event;
    if (type !== 'TextShredded') return [];
    const takedown = { ground: data.ground, position, recorded };
    return held.filter(({ text }) => text === data.text).map(row => ({ ...row, takedown }));
  });
}

/** The events that do not affect this table. */
type IgnoredType =
  | OtherType
  | 'StoryOpened'
  | 'StoryOpenedSealed'
  | 'TextShredded'
  | 'KeyPointsSet'
  | 'DevelopmentSuperseded'
  | 'DevelopmentReinstated'
  | 'DevelopmentVerified'
  | 'DevelopmentDisputed'
  | 'DevelopmentClassified'
  | 'DevelopmentCopyEdited'
  | 'DevelopmentRecaptured'
  | 'DevelopmentMarkedKey'
  | 'DevelopmentUnmarkedKey'
  | 'DevelopmentEmbargoed'
  | 'DevelopmentLinked'
  | 'DevelopmentUnlinked';

function changes(row: StoryRow, event: ShownEvent, { position, recorded }: At): Partial<StoryRow> {
  const { type, data } = event;
  switch (type) {
    case 'KeyPointWritten':
      return { shredded: row.shredded + (isForgotten(event) ? 1 : 0) };
    case 'StoryAmended':
      return withHeader(event, row.shredded);
    case 'StoryClosed':
      return { status: 'closed', closed: recorded, ended: recorded, continues: null };
    case 'StoryClosedSealed':
      return { status: 'closed', closed: recorded, ended: data.ended, continues: data.continues ?? null };
    case 'StoryReopened':
    case 'StoryReopenedSealed':
      return { status: 'open', closed: null, ended: null, continues: null };
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
    case 'ConditionSettledSealed': {
      const { condition, fate, development = null, text } = data;
      const reason = payloadOf(data)?.reason ?? null;
      return { conditions: settle(row.conditions, condition, { fate, reason, development, position, text_id: text }) };
    }
    default:
      return untouched(type satisfies IgnoredType, {});
  }
}

/** The list of stories, with a summary of each. */
export const stories: Projection = {
  name: 'stories',
  version: 5,
  tables: {
    story: { key: ['story'], by: ['story'], story: 'story', past: 'versions', manyVersions: true },
    story_header: { key: ['story', 'position'], by: ['story'], story: 'story', past: 'versions', placed: 'position' },
  },
  readers: ['story', 'story_header'],
  touches(commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const takesDown = commit.events.some(({ type }) => type === 'TextShredded');
    return [{ table: 'story', values: [story] }, ...(takesDown ? [{ table: 'story_header', values: [story] }] : [])];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const at = { story, position: commit.position, recorded: commit.recorded };
    const row = commit.events.reduce<StoryRow | undefined>(
      (before, event) => evolve(before, event, at),
      held.get('story', [story]),
    );
    if (!row) return [];
    const takesDown = commit.events.some(({ type }) => type === 'TextShredded');
    const headers = headersOf(commit, story, takesDown ? held.where<HeaderRow>('story_header', [story]) : []);
    return [{ table: 'story', put: row }, ...headers.map((put): Change => ({ table: 'story_header', put }))];
  },
};
