import { payloadOf, storyOf, unsettled, words, type HeaderWords, type OpenEvent, type Outline } from '#domain';
import {
  signatureOf,
  untouched,
  type Change,
  type Held,
  type OtherType,
  type Projection,
  type ShownCommit,
  type ShownEvent,
} from '../fold.js';
import { contentIn, isForgotten } from '../forgotten.js';
import { addedBy, addedUp } from './forget.js';
import type { ConditionRow, HeaderFields, HeaderRow, ShreddedRow, StoredStory } from './rows.js';

type At = { readonly story: string; readonly position: number; readonly recorded: string };

type HeaderEvent = Extract<ShownEvent, { type: 'StoryOpened' | 'StoryOpenedSealed' | 'StoryAmended' }>;

const isHeader = (event: ShownEvent): event is HeaderEvent =>
  ['StoryOpened', 'StoryOpenedSealed', 'StoryAmended'].includes(event.type);

function evolve(row: StoredStory | undefined, event: ShownEvent, at: At): StoredStory | undefined {
  if (isHeader(event) && event.type !== 'StoryAmended') {
    const unset = { closed: null, ended: null, continues: null, pinned: null };
    return {
      ...at,
      header: at.position,
      status: 'open',
      opened: at.recorded,
      ...unset,
      unretracted: row?.unretracted ?? 0,
    };
  }
  return row && { ...row, ...changes(row, event, at), position: at.position, recorded: at.recorded };
}

/** The header that an event gives a story. Its words are null where their key was destroyed. */
function columnsOf(event: HeaderEvent): HeaderFields {
  const { type, data } = event;
  const words: Partial<HeaderWords> = type === 'StoryOpened' ? data : (payloadOf(data) ?? {});
  const { starts = null, ends = null } = type === 'StoryOpened' ? {} : data;
  const { title = null, summary = null } = words;
  return { title, summary, zone: data.zone, language: data.language ?? null, starts, ends };
}

const textIn = ({ type, data }: HeaderEvent): string | null => (type === 'StoryOpened' ? null : data.text);

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

/** The events that do not affect the row of `story_state`. */
type IgnoredType =
  | OtherType
  | 'StoryOpened'
  | 'StoryOpenedSealed'
  | 'TextShredded'
  | 'KeyPointsSet'
  | 'KeyPointWritten'
  | 'ConditionSettled'
  | 'ConditionSettledSealed'
  | 'DevelopmentCorrected'
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

function changes(row: StoredStory, event: ShownEvent, { position, recorded }: At): Partial<StoredStory> {
  const { type, data } = event;
  switch (type) {
    case 'StoryAmended':
      return { header: position };
    case 'StoryClosed':
      return { status: 'closed', closed: recorded, ended: recorded, continues: null };
    case 'StoryClosedSealed':
      return { status: 'closed', closed: recorded, ended: data.ended, continues: data.continues ?? null };
    case 'StoryReopened':
    case 'StoryReopenedSealed':
      return { status: 'open', closed: null, ended: null, continues: null };
    case 'DevelopmentRecorded':
    case 'EmbargoLifted':
      return { unretracted: row.unretracted + 1 };
    case 'DevelopmentRetracted':
      return {
        unretracted: row.unretracted - 1,
        pinned: row.pinned === data.development ? null : row.pinned,
      };
    case 'ContentShredded':
    case 'DevelopmentUnpinned':
      return { pinned: row.pinned === data.development ? null : row.pinned };
    case 'DevelopmentPinned':
      return { pinned: data.development };
    default:
      return untouched(type satisfies IgnoredType, {});
  }
}

/** What an event whose words are gone adds to the counts of its story. */
function shreddedBy(event: ShownEvent): Omit<ShreddedRow, 'story' | 'position'> | undefined {
  if (!isForgotten(event)) return undefined;
  const { type, data } = event;
  switch (type) {
    case 'StoryOpenedSealed':
    case 'StoryAmended':
    case 'KeyPointWritten':
      return { item: data.text, ...addedBy.text };
    case 'DevelopmentRecorded':
    case 'EmbargoLifted':
      return { item: data.development, ...addedBy.recording };
    case 'DevelopmentRetracted':
      return { item: data.development, ...addedBy.retraction };
    default:
      return undefined;
  }
}

/** The rows of what a commit's events add to the counts of its story. */
const shreddedIn = ({ events }: ShownCommit, { story, position }: At): ShreddedRow[] =>
  addedUp(
    events.flatMap(event => {
      const added = shreddedBy(event);
      return added ? [{ story, position, ...added }] : [];
    }),
  );

const gives = (event: OpenEvent | ShownEvent) =>
  event.type === 'DevelopmentRecorded' || event.type === 'DevelopmentCorrected' || event.type === 'EmbargoLifted';

/** Whether an event may name or settle a condition. The end of an embargo may: what it shows is added only after `touches`. */
const mayChangeConditions = (event: OpenEvent | ShownEvent): boolean =>
  event.type === 'ConditionSettled' ||
  event.type === 'ConditionSettledSealed' ||
  (gives(event) && (!('outline' in event.data) || namedBy(event as ShownEvent).length > 0));

/** The conditions that a recording, a correction or the end of an embargo names; their texts are null if its words are gone. */
function namedBy(event: ShownEvent): readonly { readonly id: string; readonly text: string | null }[] {
  if (!gives(event)) return [];
  const content = contentIn(event);
  if (content) return content.modality.conditions ?? [];
  const { outline } = ('withheld' in event.data ? event.data.withheld : event.data) as { readonly outline: Outline };
  return outline.conditions.map(id => ({ id, text: null }));
}

/** The condition that an event settles, and how. */
function settledBy({
  type,
  data,
}: ShownEvent): Omit<ConditionRow, 'story' | 'text' | 'position' | 'changed'> | undefined {
  if (type !== 'ConditionSettled' && type !== 'ConditionSettledSealed') return undefined;
  const { condition, fate, development = null } = data;
  return type === 'ConditionSettled'
    ? { condition, fate, development, reason: data.reason, text_id: null }
    : { condition, fate, development, reason: payloadOf(data)?.reason ?? null, text_id: data.text };
}

/** The rows of the conditions that a commit names or settles. */
function conditionsIn({ events }: ShownCommit, { story, position }: At, held: Held): ConditionRow[] {
  if (!events.some(mayChangeConditions)) return [];
  const rows = new Map(held.where<ConditionRow>('story_condition', [story]).map(row => [row.condition, row]));
  for (const event of events) {
    for (const { id, text } of namedBy(event)) {
      const { text: before, ...state } = rows.get(id) ?? { ...unsettled, text: words(id), text_id: null };
      rows.set(id, { ...state, story, condition: id, text: text ?? before, changed: position });
    }
    const settled = settledBy(event);
    const row = settled && rows.get(settled.condition);
    if (row) rows.set(row.condition, { ...row, ...settled, position, changed: position });
  }
  return [...rows.values()].filter(({ changed }) => changed === position);
}

/** The list of stories, with a summary of each. */
export const stories: Projection = {
  name: 'stories',
  version: 6,
  tables: {
    story_state: { key: ['story'], by: ['story'], story: 'story', past: 'versions', manyVersions: true },
    story_header: { key: ['story', 'position'], by: ['story'], story: 'story', past: 'versions', placed: 'position' },
    story_condition: {
      key: ['story', 'condition'],
      by: ['story'],
      story: 'story',
      past: 'versions',
      manyVersions: true,
    },
    story_shredded: { key: ['story', 'position', 'item'], by: ['story'], story: 'story', past: 'once' },
  },
  hasViews: true,
  readers: ['story', 'story_header'],
  touches(commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const takesDown = commit.events.some(({ type }) => type === 'TextShredded');
    return [
      { table: 'story_state', values: [story] },
      ...(takesDown ? [{ table: 'story_header', values: [story] }] : []),
      ...(commit.events.some(mayChangeConditions) ? [{ table: 'story_condition', values: [story] }] : []),
    ];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const at = { story, position: commit.position, recorded: commit.recorded };
    const row = commit.events.reduce<StoredStory | undefined>(
      (before, event) => evolve(before, event, at),
      held.get('story_state', [story]),
    );
    if (!row) return [];
    const takesDown = commit.events.some(({ type }) => type === 'TextShredded');
    const headers = headersOf(commit, story, takesDown ? held.where<HeaderRow>('story_header', [story]) : []);
    return [
      { table: 'story_state', put: row },
      ...headers.map((put): Change => ({ table: 'story_header', put })),
      ...conditionsIn(commit, at, held).map((put): Change => ({ table: 'story_condition', put })),
      ...shreddedIn(commit, at).map((put): Change => ({ table: 'story_shredded', put })),
    ];
  },
};
