import type { Former, FormerText, Story } from '#contract';
import {
  kindShapes,
  links,
  noFilter,
  renderDevelopment,
  shownEntry,
  storyAddress,
  wordsFor,
  type DevelopmentPageProps,
  type EntryView,
} from '#pages';
import { allOf } from '#postgres';
import { everyEntry, isTakenDown, type Reading, type TimelineRow } from '#projections';
import { oembedOf } from '../embed/oembed.js';
import { publisherOf, type Site } from '../brand/site.js';
import { byBytes, html, type Answer } from '../http/answer.js';
import { problem } from '../http/problems.js';
import { presentEntry, rowTitle } from '../story-at/render.js';
import { presentStory } from '../story-at/render-story.js';
import type { ReadModels } from '../read-models.js';
import type { StoryView } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { addressesOf, alternates } from '../syndication/addresses.js';
import { picturesOf, previewOf } from '../syndication/pictures.js';
import { blogPosting } from '../syndication/live-blog-posting.js';
import { dated } from '../syndication/syndicated.js';
import type { DatedEntry } from '../syndication/syndicated.js';
import { entrySummary, timesOf } from '../syndication/wording.js';
import { formerOf, formerTextsOf } from '../http/timeline.js';
import { writeCursor } from '../http/timeline-query.js';
import { viewAsked, type AskedQuery } from './asked.js';

/** Maximum number of bytes of former versions, as JSON, on a page. */
const formerBytes = 60_000;

/** Builds a development's page. */
export function readDevelopmentPage(
  models: ReadModels,
  story: string,
  development: string,
  query: AskedQuery,
  site: Site,
): Promise<Answer> {
  const page = async (reading: Reading) => {
    const { view, asked } = await viewAsked(reading, story, query);
    const row = await view.entry(development);
    if (!row) throw problem('unknown-development');
    const entry = presentEntry(row, await surroundingsOf(view, [row]));
    const presentedStory = presentStory(view.story);
    const text = renderDevelopment({
      story: presentedStory,
      entry: withFormer(
        shownEntry(entry),
        (await formerOf(view, row, undefined, formerBytes)).corrections,
        formerTextsOf(row, undefined, formerBytes).edits,
      ),
      kinds: kindShapes,
      ...(await neighboursOf(view, row)),
      inStory: placeOf(row),
      asked,
      elsewhere: elsewhereOf(presentedStory, await dated(reading, entry), site),
      brand: site.brand,
    });
    return byBytes(reading, html, text);
  };
  return models.read(page);
}

type Neighbours = Pick<DevelopmentPageProps, 'before' | 'after' | 'replacedBy'>;

/** The updates before and after this one, and the title of the one that replaced it. */
async function neighboursOf(view: StoryView, row: TimelineRow): Promise<Neighbours> {
  const line = (other: TimelineRow | undefined) =>
    other ? { id: other.development, recorded: other.recorded, title: titleIn(view, other) } : null;
  const [[before], [after], replacing] = await allOf(
    view.page('newest', everyEntry, row, 1),
    view.page('story', everyEntry, row, 1),
    row.superseded_by === null ? Promise.resolve(undefined) : view.entry(row.superseded_by),
  );
  // The words before it say already that it replaces.
  const { labels } = wordsFor(view.story.language);
  return {
    before: line(before),
    after: line(after),
    replacedBy: replacing && titleIn(view, replacing, labels.superseded),
  };
}

/** The title of a row in one line, without a label that is said beside it. */
export const titleIn = ({ story }: StoryView, row: TimelineRow, without = ''): string =>
  isTakenDown(row) ? wordsFor(story.language).labels.removed : rowTitle(row, story, { without });

/** Adds the earlier versions before the latest corrections and edits. */
function withFormer(entry: EntryView, corrected: readonly Former[], edited: readonly FormerText[]): EntryView {
  const latest = <Made, Whole extends Made>(all: readonly Made[], whole: readonly Whole[]) =>
    all.map((made, n) => whole[all.length - 1 - n] ?? made);
  return { ...entry, corrections: latest(entry.corrections, corrected), edits: latest(entry.edits, edited) };
}

function elsewhereOf(story: Story, entry: DatedEntry, site: Site): DevelopmentPageProps['elsewhere'] {
  const addresses = addressesOf(site.base, story.id);
  return {
    page: addresses.development(entry.id),
    feeds: [...alternates(addresses), oembedOf(site.base, addresses.development(entry.id))],
    image: previewOf(picturesOf(entry)[0], addresses),
    jsonLd: blogPosting(story, entry, addresses, publisherOf(site)),
    summary: entrySummary(entry, timesOf(story)),
    modified: entry.modified,
  };
}

/** The address of the story's page that begins with this entry. */
function placeOf({ story, development, position, ordinal }: TimelineRow): string {
  const cursor = writeCursor('newest', { position, ordinal: ordinal + 1 });
  return `${storyAddress(story, 'newest', noFilter, cursor)}#${links.anchor(development)}`;
}
