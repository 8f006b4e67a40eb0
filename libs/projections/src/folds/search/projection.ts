import { headlineOf, payloadOf, storyOf, type Content } from '#domain';
import { developmentsOf, untouched, type Held, type OtherType, type Projection, type ShownEvent } from '../fold.js';
import { contentIn } from '../forgotten.js';
import { configurationOf } from './configurations.js';

/** The words of a development, for search. */
export type SearchRow = {
  readonly story: string;
  readonly development: string;
  readonly position: number;
  readonly ordinal: number;
  /** Postgres's text search configuration, by the story's language when the development was recorded. */
  readonly config: string;
  readonly headline: string;
  /** Its body, the texts in its data and the names in its byline. Empty where it was retracted. */
  readonly body: string;
  /** How many UTF-16 units of `body` are the development's body, which a minor edit replaces. */
  readonly own: number;
  /** What the pages say that it links to, as they were captured. Empty where it was retracted. */
  readonly linked: string;
};
type SearchStoryRow = { readonly story: string; readonly config: string };

/** The longest text that is searched, in UTF-16 units: Postgres indexes no longer one. The rest is not found. */
export const longestText = 100_000;

const slug = /^[a-z0-9-]+$/;

/** The texts in a value, in order. A slug is a name for machines: an actor's id, or a word of a list. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return slug.test(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The texts, one below the other, as far as Postgres indexes them. */
export const cut = (texts: readonly string[]) => texts.filter(Boolean).join('\n').slice(0, longestText).toWellFormed();

const mediaWords = ({ media = [] }: Content) =>
  media.flatMap(({ alt, caption, credit }) => [alt ?? '', caption ?? '', credit ?? '']);

type Page = { readonly [Field in 'title' | 'author' | 'site' | 'text']?: string | undefined };
const pageWords = ({ title, author, site, text }: Page) => [title ?? '', author ?? '', site ?? '', text ?? ''];

/** The words of captures: of the first of a page, then what it says otherwise in the latest. */
const linkedWords = (captures: Content['captures'] = []) =>
  cut(
    captures.flatMap(({ again = {}, ...first }) => {
      const said = pageWords(first);
      return [...said, ...pageWords(again).filter(words => !said.includes(words))];
    }),
  );

const wordsOf = (content: Content): Pick<SearchRow, 'headline' | 'body' | 'own' | 'linked'> => ({
  headline: headlineOf(content, actor => actor),
  own: content.body?.length ?? 0,
  body: cut([
    content.body ?? '',
    ...textsIn(content.data),
    ...(content.byline ?? []).map(({ name }) => name),
    ...mediaWords(content),
  ]),
  linked: linkedWords(content.captures),
});

/** The events that change no words. */
type IgnoredType =
  | OtherType
  | 'StoryClosed'
  | 'StoryClosedSealed'
  | 'StoryReopened'
  | 'StoryReopenedSealed'
  | 'ConditionSettled'
  | 'ConditionSettledSealed'
  | 'TextShredded'
  | 'KeyPointWritten'
  | 'KeyPointsSet'
  | 'DevelopmentEmbargoed'
  | 'DevelopmentSuperseded'
  | 'DevelopmentReinstated'
  | 'DevelopmentVerified'
  | 'DevelopmentDisputed'
  | 'DevelopmentPinned'
  | 'DevelopmentUnpinned'
  | 'DevelopmentMarkedKey'
  | 'DevelopmentUnmarkedKey'
  | 'DevelopmentLinked'
  | 'DevelopmentUnlinked'
  | 'ContentShredded';

/** The rows that a commit changes. */
class ChangedWords {
  readonly stories = new Map<string, SearchStoryRow>();
  readonly rows = new Map<string, SearchRow>();

  private readonly held: Held;
  private readonly story: string;
  private readonly position: number;

  constructor(held: Held, story: string, position: number) {
    this.held = held;
    this.story = story;
    this.position = position;
  }

  private row(development: string): SearchRow | undefined {
    return this.rows.get(development) ?? this.held.get<SearchRow>('search', [this.story, development]);
  }

  private get config(): string {
    const row = this.stories.get(this.story) ?? this.held.get<SearchStoryRow>('search_story', [this.story]);
    return row?.config ?? configurationOf(undefined);
  }

  // eslint-disable-next-line complexity -- one case for each type of event
  apply(event: ShownEvent, ordinal: number): void {
    const { story, position } = this;
    switch (event.type) {
      case 'StoryOpened':
      case 'StoryOpenedSealed':
      case 'StoryAmended':
        // Words that were written before an amendment keep the language of their time.
        return void this.stories.set(story, { story, config: configurationOf(event.data.language) });
      case 'DevelopmentRecorded':
      case 'EmbargoLifted': {
        const content = contentIn(event);
        const { development } = event.data;
        const place = { story, development, position, ordinal, config: this.config };
        if (content) this.rows.set(development, { ...place, ...wordsOf(content) });
        return;
      }
      case 'DevelopmentCorrected': {
        const row = this.row(event.data.development);
        const content = contentIn(event);
        if (row && content) this.rows.set(row.development, { ...row, ...wordsOf(content) });
        return;
      }
      case 'DevelopmentClassified': {
        const row = this.row(event.data.development);
        const payload = payloadOf(event.data);
        const texts = textsIn(payload?.data);
        if (row && texts.length > 0) this.rows.set(row.development, { ...row, body: cut([row.body, ...texts]) });
        return;
      }
      case 'DevelopmentCopyEdited': {
        const row = this.row(event.data.development);
        const payload = payloadOf(event.data);
        if (!row || !payload) return;
        const { headline = row.headline, body } = payload;
        const rest = row.own > 0 ? row.body.slice(row.own + 1) : row.body;
        const words = body === undefined ? {} : { body: cut([body, rest]), own: body.length };
        return void this.rows.set(row.development, { ...row, headline, ...words });
      }
      case 'DevelopmentRecaptured': {
        const row = this.row(event.data.development);
        const payload = payloadOf(event.data);
        if (row && payload) this.rows.set(row.development, { ...row, linked: linkedWords(payload.captures) });
        return;
      }
      case 'DevelopmentRetracted': {
        const row = this.row(event.data.development);
        if (row && payloadOf(event.data)) this.rows.set(row.development, { ...row, body: '', own: 0, linked: '' });
        return;
      }
      default:
        return untouched(event.type satisfies IgnoredType, undefined);
    }
  }
}

/** The words of every development that readers may read. A taken-down one has no row. */
export const search: Projection = {
  name: 'search',
  version: 3,
  tables: {
    search_story: { key: ['story'], by: ['story'], story: 'story', past: 'versions' },
    search: {
      key: ['story', 'development'],
      by: ['story', 'development'],
      story: 'story',
      past: 'versions',
      placed: 'position',
    },
  },
  readers: ['search'],
  touches(commit) {
    const story = storyOf(commit);
    if (!story) return [];
    return [
      { table: 'search_story', values: [story] },
      ...developmentsOf(commit).map(id => ({ table: 'search', values: [story, id] })),
    ];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    const changed = new ChangedWords(held, story, commit.position);
    commit.events.forEach((event, ordinal) => changed.apply(event, ordinal));
    return [
      ...[...changed.stories.values()].map(put => ({ table: 'search_story', put })),
      ...[...changed.rows.values()].map(put => ({ table: 'search', put })),
    ];
  },
};
