import type { Facet } from '#domain';
import { kindShapes, links, renderActor } from '#pages';
import type { Reading } from '#projections';
import {
  cellParameters,
  citationsShown,
  presentFacets,
  writeMarkCursor,
  type ActorQuery,
} from '../http/story-actors.js';
import { registered } from '../http/story-actors.js';
import type { Site } from '../brand/site.js';
import { oembedOf } from '../embed/oembed.js';
import { byBytes, html, type Answer } from '../http/answer.js';
import { presentActor } from '../story-at/render.js';
import { presentStory } from '../story-at/render-story.js';
import type { ReadModels } from '../read-models.js';
import { addressesOf, alternates } from '../syndication/addresses.js';
import { profilePage } from '../syndication/profile-page.js';
import { viewAsked, type AskedQuery } from './asked.js';
import { statesOf } from './state.js';

/** Number of cells on a page. */
const cellsOnPage = 60;

/** Maximum number of bytes of these cells, as they are stored. */
const cellBytes = 80_000;

/** The start of a page of cells, and the only facet that it shows. */
export const actorCursor = { cursor: cellParameters.cursor, facet: cellParameters.facet };
type ActorPageQuery = AskedQuery & Pick<ActorQuery, 'cursor' | 'facet'>;

/** The address of another page of the moment that was asked for. */
function addressOf(
  story: string,
  actor: string,
  { clock, at, position }: AskedQuery,
  page: { readonly facet?: Facet | undefined; readonly cursor?: string },
): string {
  const parameters = Object.entries({ clock, at, position, ...page }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, String(value)])).toString();
  return links.actor(story, actor) + (query && `?${query}`);
}

/** Builds an actor's page. */
export function readActorPage(
  models: ReadModels,
  story: string,
  actor: string,
  query: ActorPageQuery,
  site: Site,
): Promise<Answer> {
  const page = async (reading: Reading) => {
    const { view, asked } = await viewAsked(reading, story, query);
    const entry = await registered(reading, view, actor);
    const { facet, cursor } = query;
    const which = { facet: facet ?? null, after: cursor ?? null, one: null, before: null };
    const asking = { ...which, limit: cellsOnPage, citations: citationsShown, most: cellBytes };
    const { states, actors } = await statesOf(view, [actor], asking);
    const { cells, facets: counts, last } = states[0]!;
    const pageOf = (page: { facet?: Facet | undefined; cursor?: string }) => addressOf(story, actor, query, page);
    const affiliations = (await view.actors(entry.affiliations)).map(presentActor);
    const [presentedStory, presented, addresses] = [
      presentStory(view.story),
      presentActor(entry),
      addressesOf(site.base, story),
    ];
    const text = renderActor({
      story: presentedStory,
      actor: presented,
      kinds: kindShapes,
      brand: site.brand,
      asked,
      actors,
      affiliations,
      cells,
      facets: presentFacets(counts!).map(each => ({ ...each, address: pageOf({ facet: each.facet }) })),
      only: facet ?? null,
      next: last ? pageOf({ facet, cursor: writeMarkCursor('latest-cells', last) }) : null,
      start: cursor || facet ? pageOf({}) : null,
      elsewhere: {
        page: addresses.actor(actor),
        feeds: [...alternates(addresses), oembedOf(site.base, addresses.actor(actor))],
        jsonLd: profilePage(presentedStory, presented, affiliations, addresses),
      },
    });
    return byBytes(reading, html, text);
  };
  return models.read(page);
}
