import type { DeskKeyPoints } from '#contract';
import { changedUnder, keyPointsOf, noStory, storyStream, struckBy, type KeyPoint, type StoryState } from '#domain';
import { headOf } from '#event-log';
import { openPayload, type Keys } from '#keys';
import type { WriteModel } from '../commands/write-model.js';

/** The ids of the texts of a story's key points. */
export const keyPointTexts = ({ stories }: WriteModel, story: string): string[] =>
  keyPointsOf(stories.get(story, noStory)).list.map(({ text }) => text);

/** How many key points a story has, and how many of them are to rewrite or to check. */
export function countKeyPoints(state: StoryState) {
  const { list } = keyPointsOf(state);
  const isStruck = (point: KeyPoint) => struckBy(state, point).length > 0;
  return {
    listed: list.length,
    toRewrite: list.filter(isStruck).length,
    toCheck: list.filter(point => !isStruck(point) && changedUnder(state, point).length > 0).length,
  };
}

/** The key points of a story, as the desk shows them. Undefined if the story was never opened. */
export function deskKeyPoints(
  { stories, arbitration }: WriteModel,
  story: string,
  keys: Pick<Keys, 'get'>,
): DeskKeyPoints | undefined {
  const state = stories.get(story, noStory);
  if (state.status === 'none') return undefined;
  const stream = storyStream(story);
  return {
    position: arbitration.position,
    head: headOf(arbitration, stream).id,
    points: keyPointsOf(state).list.map(point => {
      const { text, told, cites } = point;
      const key = keys.get(text);
      const payload =
        key && typeof told === 'string' ? openPayload(stream, 'KeyPointWritten', { text, told }, key) : null;
      return {
        point: text,
        words: payload?.words ?? null,
        cites: cites.map(({ development }) => development),
        struckBy: struckBy(state, point),
        changed: changedUnder(state, point),
      };
    }),
  };
}
