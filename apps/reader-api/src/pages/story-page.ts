import type { KeyPoint } from '#contract';
import {
  bcp47,
  keyEventOf,
  mostFormer,
  kindShapes,
  renderStory,
  shownChange,
  shownEntry,
  storyAddress,
  type EntryView,
  type ReaderPageProps,
  type ReaderState,
} from '#pages';
import { changesAfter, everyEntry, isTakenDown, oneStory, type Reading, type TimelineFilter } from '#projections';
import { oembedOf } from '../embed/oembed.js';
import { publisherOf, type Site } from '../brand/site.js';
import { byBytes, html, type Answer } from '../http/answer.js';
import { presentChange, presentEntry } from '../story-at/render.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { presentHeader, presentStory } from '../story-at/render-story.js';
import type { ReadModels } from '../read-models.js';
import { storyNow, type StoryView } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import { addressesOf, alternates } from '../syndication/addresses.js';
import { previewOf } from '../syndication/pictures.js';
import { liveBlogPosting } from '../syndication/live-blog-posting.js';
import { syndicated } from '../syndication/syndicated.js';
import { filterOf, pageOf } from '../http/timeline.js';
import { orderOf } from '../http/timeline-query.js';
import type { StoryPageQuery } from './asked.js';
import { peopleOf } from './state.js';

/** Number of updates on a page. */
const pageSize = 30;
/** Maximum number of bytes of these updates as JSON: the page’s HTML is of about the same length. */
const entriesBytes = 80_000;
const mostKeyEvents = 100;
/**
 * Number of updates that a page describes for search engines. Descriptions are large, and each update has its own page with
 * one.
 */
const structured = 15;
/** Maximum number of bytes of these updates as JSON. */
const structuredBytes = 40_000;
/** Maximum number of the story's actors that a page names. */
const mostPeople = 100;
const keyEvents: TimelineFilter = { ...everyEntry, status: ['active'], key: true };

/** Builds a story's page. */
export function readStoryPage(models: ReadModels, story: string, query: StoryPageQuery, site: Site): Promise<Answer> {
  return models.read(async reading => {
    const view = await storyNow(reading, story);
    const { continues } = view.story;
    const continued = continues === null ? undefined : await oneStory(reading.client, continues);
    const props = { ...(await propsOf(reading, view, query)), continued: continued?.title ?? null };
    const page = renderStory(
      { ...props, elsewhere: await elsewhereOf(reading, story, site, props.points) },
      site.brand,
    );
    return { ...byBytes(reading, html, page), ...(continues !== null && { names: continues }) };
  });
}

async function propsOf(reading: Reading, view: StoryView, query: StoryPageQuery) {
  const asked = { ...query, limit: pageSize };
  const filter = await filterOf(view, asked);
  const { entries, next, rewrites } = await pageOf(view, asked, filter, entriesBytes);
  const story = presentStory(view.story);
  const order = orderOf(asked);
  const shown = {
    actors: filter.actors ?? [],
    types: filter.kinds ?? [],
    key: filter.key,
    words: query.words?.trim() ?? '',
  };
  const state: ReaderState = {
    story: story.id,
    language: bcp47(story.language) ?? null,
    zone: story.zone,
    kinds: kindShapes,
    position: story.position,
    rewrites,
    status: story.status,
    order,
    filter: shown,
    grows: order === 'newest' ? !query.cursor : !next,
    pinned: story.pinned,
    keyEvents: (await keyEventsOf(view)).map(keyEventOf),
  };
  const cursor = next && new URL(next, 'http://here').searchParams.get('cursor');
  return {
    story,
    headers: (await view.headers(1 + mostFormer)).map(presentHeader),
    points: await keyPointsIn(view),
    state,
    entries: entries.map(shownEntry),
    pinned: await pinnedOf(view),
    people: (await peopleOf(view, mostPeople)).people,
    last: await lastChangeOf(reading, view),
    next: cursor ? storyAddress(story.id, order, shown, cursor) : null,
    start: query.cursor ? storyAddress(story.id, order, shown) : null,
  };
}

/** Key events are shown without their bodies. */
async function keyEventsOf(view: StoryView): Promise<EntryView[]> {
  const rows = await view.page('newest', keyEvents, null, mostKeyEvents);
  const context = await surroundingsOf(view, rows);
  return rows.map(row => shownEntry(presentEntry(isTakenDown(row) ? row : { ...row, body: null }, context)));
}

async function pinnedOf(view: StoryView): Promise<EntryView | null> {
  const row = view.story.pinned === null ? undefined : await view.entry(view.story.pinned);
  return row ? shownEntry(presentEntry(row, await surroundingsOf(view, [row]))) : null;
}

async function elsewhereOf(
  reading: Reading,
  story: string,
  site: Site,
  points: readonly KeyPoint[],
): Promise<ReaderPageProps['elsewhere']> {
  const addresses = addressesOf(site.base, story);
  const asked = { count: structured, bytes: structuredBytes, points };
  const found = await syndicated(reading, story, asked);
  const jsonLd = liveBlogPosting(found, addresses, publisherOf(site));
  const feeds = [...alternates(addresses), oembedOf(site.base, addresses.page)];
  return { page: addresses.page, feeds, image: previewOf(found.lead, addresses), jsonLd };
}

async function lastChangeOf({ client }: Reading, view: StoryView) {
  const { story, position } = view.story;
  const [row] = await changesAfter(client, story, position - 1, 1);
  if (!row) return undefined;
  return shownChange(presentChange(row, await surroundingsOf(view, row.entries)));
}
