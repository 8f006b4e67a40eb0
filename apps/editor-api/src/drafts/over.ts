import { system } from '#domain';
import { ownKey, type WriteModel } from '../commands/write-model.js';
import type { End, Listed, Opened } from './drafts.js';

/** Whether the words of this development were taken down. */
export const isTakenDown = (
  { stories }: Pick<WriteModel, 'stories'>,
  story: string,
  development: string | undefined,
): boolean => development !== undefined && stories.get(story)?.developments.get(development)?.status === 'taken-down';

/**
 * How the draft ended in the log: its command is there, or the development that it corrects, whose words it holds, was taken down.
 * Undefined if neither is so.
 */
export function endIn(
  model: Pick<WriteModel, 'commands' | 'stories'>,
  story: string,
  { draft: { id, holder, by, target } }: Listed | Opened,
): End | undefined {
  const poster = [holder, by].find(person => model.commands.has(ownKey(person.id, id)));
  if (poster) return { by: poster, how: 'posted' };
  return isTakenDown(model, story, target) ? { by: system, how: 'taken-down' } : undefined;
}
