import { storyStream, system, type Author } from '#domain';
import { ownKey, type WriteModel } from '../commands/write-model.js';
import type { End, Listed, Opened } from './drafts.js';

/** Whether the words of this development were taken down. */
export const isTakenDown = (
  { stories }: Pick<WriteModel, 'stories'>,
  story: string,
  development: string | undefined,
): boolean => development !== undefined && stories.get(story)?.developments.get(development)?.status === 'taken-down';

/** Whether everybody who may write in the story may see the draft: it has nothing to do with an embargo. */
export const isOpenToAll = (
  { stories }: Pick<WriteModel, 'stories'>,
  story: string,
  { draft: { target }, embargo }: Listed | Opened,
): boolean => !embargo && !(target !== undefined && stories.get(story)?.embargoes.has(target));

/**
 * How the draft ended in the log: its command is there, or the development that it corrects, whose words it holds, was taken down.
 * Undefined if neither is so. Any colleague may have posted it, also one who never saved it. But who may not see a draft must not end it with
 * a command of the same id. `asking`: the person who asks, if they may see it.
 */
export function endIn(
  model: Pick<WriteModel, 'commands' | 'recent' | 'stories'>,
  story: string,
  found: Listed | Opened,
  asking?: Author,
): End | undefined {
  const { id, holder, by, target } = found.draft;
  const authors = 'versions' in found.draft ? found.draft.versions.map(version => version.by) : [];
  const people = [holder, by, ...authors, ...(asking ? [asking] : [])];
  const poster = people.find(person => model.commands.has(ownKey(person.id, id))) ?? recentPoster(model, story, found);
  if (poster) return { by: poster, how: 'posted' };
  return isTakenDown(model, story, target) ? { by: system, how: 'taken-down' } : undefined;
}

/** Who posted the draft in one of the story's latest commits. */
const recentPoster = (model: Pick<WriteModel, 'recent' | 'stories'>, story: string, found: Listed | Opened) =>
  isOpenToAll(model, story, found)
    ? model.recent.get(storyStream(story))?.find(({ command }) => command === found.draft.id)?.by
    : undefined;
