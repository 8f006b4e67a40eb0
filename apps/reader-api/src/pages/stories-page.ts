import { links, renderSearch, renderStories, type Brand } from '#pages';
import { latestOf, storiesBefore } from '#projections';
import type { z } from 'zod';
import { byBytes, html, type Answer } from '../http/answer.js';
import { rowTitle } from '../story-at/render.js';
import { listedLeads } from '../story-at/lead-picture.js';
import { presentStory } from '../story-at/render-story.js';
import { fittingPage } from '../http/paging.js';
import type { ReadModels } from '../read-models.js';
import { storiesCursor, StoriesQuery } from '../http/stories.js';
import { readSearch, SearchQuery } from '../http/search.js';
import { pageParameters } from './asked.js';

/** Number of stories on a page. */
const storiesOnPage = 100;
/** Number of developments on a page of a search. */
const resultsOnPage = 20;

const { q, story, position, cursor } = SearchQuery.shape;
/** The parameters of the list of stories. */
export const StoriesPageQuery = pageParameters({ cursor: StoriesQuery.shape.cursor });
/** The parameters of a search's page. */
export const SearchPageQuery = pageParameters({ q, story, position, cursor });
export type SearchPageQuery = z.infer<typeof SearchPageQuery>;
export type StoriesPageQuery = z.infer<typeof StoriesPageQuery>;

/** Builds the page that lists stories. */
export function readStoriesPage(models: ReadModels, query: StoriesPageQuery, brand: Brand): Promise<Answer> {
  return models.read(async reading => {
    const rows = await storiesBefore(reading.client, query.cursor?.[1] ?? null, storiesOnPage + 1);
    const ids = rows.map(({ story }) => story);
    const latest = new Map((await latestOf(reading.client, ids)).map(entry => [entry.story, entry]));
    const leads = await listedLeads(reading.client, rows);
    const { shown, last } = fittingPage(rows, storiesOnPage, row => {
      const entry = latest.get(row.story);
      const line = entry && { id: entry.development, recorded: entry.recorded, title: rowTitle(entry, row) };
      const leadPicture = leads.get(row.story) ?? null;
      return { ...presentStory({ ...row, conditions: {} }), latest: line ?? null, leadPicture };
    });
    const next = last ? `${links.stories}?cursor=${storiesCursor.write(['stories', last.position])}` : null;
    return byBytes(reading, html, renderStories({ stories: shown, next }, brand));
  });
}

/** Builds the page of what a search found. */
export function readSearchPage(models: ReadModels, query: SearchPageQuery, brand: Brand): Promise<Answer> {
  return models.read(async reading => {
    const results = await readSearch(reading, { ...query, limit: resultsOnPage });
    const next = results.next && results.next.replace(/^[/]search/, links.search).replace(/&limit=\d+/, '');
    return byBytes(reading, html, renderSearch({ ...results, next }, brand));
  });
}
