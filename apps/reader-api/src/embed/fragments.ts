import { kindShapes, shownEntry, stateFragment, storyFragment, updateFragment, wordsFor } from '#pages';
import { everyEntry, type Reading } from '#projections';
import type { Site } from '../brand/site.js';
import { byBytes, html, type Answer } from '../http/answer.js';
import { fitting } from '../http/paging.js';
import { problem } from '../http/problems.js';
import { citationsShown, registered } from '../http/story-actors.js';
import { titleIn } from '../pages/development-page.js';
import { statesOf } from '../pages/state.js';
import type { ReadModels } from '../read-models.js';
import { storyNow, type StoryView } from '../story-at/index.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { presentActor, presentEntry } from '../story-at/render.js';
import { presentStory } from '../story-at/render-story.js';
import { surroundingsOf } from '../story-at/surroundings.js';

/** Number of updates of a story on another site's page. */
export const updatesEmbedded = 5;
/** Maximum number of bytes of these updates as JSON. */
const updateBytes = 40_000;
/** Number of cells of an actor's state on another site's page. */
export const cellsEmbedded = 12;
/** Maximum number of bytes of these cells, as they are stored. */
const cellBytes = 20_000;

async function common(view: StoryView, { base, brand }: Site) {
  return { story: presentStory(view.story), rewrites: await view.rewrites(), kinds: kindShapes, base, brand };
}

/** Builds the fragment of a story: its key points and newest updates. */
export function readStoryFragment(models: ReadModels, story: string, site: Site): Promise<Answer> {
  return models.read(async reading => {
    const view = await storyNow(reading, story);
    const rows = await view.page('newest', everyEntry, null, updatesEmbedded);
    const context = await surroundingsOf(view, rows);
    const all = rows.map(row => presentEntry(row, context));
    const entries = all.slice(0, fitting(all, updateBytes)).map(shownEntry);
    const points = await keyPointsIn(view);
    return byBytes(reading, html, storyFragment({ ...(await common(view, site)), points, entries }));
  });
}

/** Builds the fragment of an update. Rejects with a 404 if readers have no such update. */
export function readUpdateFragment(
  models: ReadModels,
  story: string,
  development: string,
  site: Site,
): Promise<Answer> {
  return models.read(async reading => {
    const view = await storyNow(reading, story);
    const row = await view.entry(development);
    if (!row) throw problem('unknown-development');
    const entry = shownEntry(presentEntry(row, await surroundingsOf(view, [row])));
    const replacing = row.superseded_by === null ? undefined : await view.entry(row.superseded_by);
    // The words before it say already that it replaces.
    const replacedBy = replacing && titleIn(view, replacing, wordsFor(view.story.language).labels.superseded);
    return byBytes(reading, html, updateFragment({ ...(await common(view, site)), entry, replacedBy }));
  });
}

/** Builds the fragment of an actor's state. Rejects with a 404 if readers know of no such actor. */
export function readStateFragment(models: ReadModels, story: string, actor: string, site: Site): Promise<Answer> {
  const read = async (reading: Reading) => {
    const view = await storyNow(reading, story);
    const entry = await registered(reading, view, actor);
    const which = { facet: null, after: null, one: null, before: null };
    const asked = { ...which, limit: cellsEmbedded, citations: citationsShown, most: cellBytes };
    const { states, actors } = await statesOf(view, [actor], asked);
    const { cells } = states[0]!;
    const props = { ...(await common(view, site)), actor: presentActor(entry), cells, actors };
    return byBytes(reading, html, stateFragment(props));
  };
  return models.read(read);
}
