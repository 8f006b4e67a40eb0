import { Problem } from '#platform';
import type { Reading } from '#projections';
import { momentOf, type AsOfQuery } from './moment.js';
import { byBytes, byPositions, json, type Answer } from '../http/answer.js';
import { pageSafeJson } from '#pages';
import { rowsOf, storyAt } from './story.js';
import type { StoryView } from './view.js';

/** The story now. Rejects with a 404 if it does not exist. */
export const storyNow = (reading: Reading, story: string): Promise<StoryView> => storyAt(reading, story);
export type { StoryView } from './view.js';

/** The story at the requested moment, or now. Rejects with a 404 if the story does not exist, or did not exist then. */
export async function viewOf(reading: Reading, story: string, query: AsOfQuery): Promise<StoryView> {
  return storyAt(reading, story, await momentOf(reading, query));
}

/** The story that was asked for; undefined if it was not opened by then. */
export async function ifOpen(view: Promise<StoryView>): Promise<StoryView | undefined> {
  try {
    return await view;
  } catch (error) {
    if (error instanceof Problem && error.details.code === 'not-yet') return undefined;
    throw error;
  }
}

/** Reads the rows of the view's moment. */
export const rowsOfView = (reading: Reading, view: StoryView) => rowsOf(reading, view.asOf);

/** The numbers that an answer with actors' names depends on. */
export const withNames = async (view: StoryView): Promise<number[]> => [...view.rests, ...(await view.registry())];

/** An answer about a story. It contains the moment that was requested, if any. */
export async function answerAbout<Body extends object>(
  reading: Reading,
  view: StoryView,
  rests: readonly number[],
  make: () => Body | Promise<Body>,
): Promise<Answer> {
  const { asOf } = view;
  return asOf
    ? byBytes(reading, json, pageSafeJson({ ...(await make()), asOf }))
    : byPositions(reading, rests, await make());
}
