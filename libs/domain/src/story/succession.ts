import { refuse, type Refusal } from '../errors.js';
import type { DevelopmentState, StoryEvent, StoryState } from './story.js';

/** What a development had superseded stands again, or gives way to what superseded it in turn. */
export function handedOn(state: StoryState, development: string): StoryEvent[] {
  const held = state.developments.get(development);
  const heir = held?.status === 'superseded' ? held.supersededBy : undefined;
  return state.developments
    .filter(({ status, supersededBy }) => status === 'superseded' && supersededBy === development)
    .keySeq()
    .sort()
    .toArray()
    .map(id =>
      heir
        ? { type: 'DevelopmentSuperseded', data: { development: id, by: heir } }
        : { type: 'DevelopmentReinstated', data: { development: id, retracted: development } },
    );
}

/** `where` is the path to the id in the command's body, if it stands there. */
export function supersedable(
  state: StoryState,
  id: string,
  by: string,
  where: Pick<Refusal, 'path'> = {},
): DevelopmentState | Refusal {
  const held = state.developments.get(id);
  if (!held) return refuse('unknown-development', where);
  const over = isOver(held, where);
  if (over) return over;
  if (state.embargoes.has(id)) return refuse('development-embargoed', where);
  if (held.supersededBy && held.supersededBy !== by)
    return refuse('development-superseded', { ...where, allowed: [held.supersededBy] });
  return replacementsOf(state, by).has(id) ? refuse('supersedes-itself', where) : held;
}

/** Why nothing more can be done to a development, where that is so. */
export function isOver({ status }: DevelopmentState, where: Pick<Refusal, 'path'> = {}): Refusal | undefined {
  if (status === 'retracted') return refuse('development-retracted', where);
  if (status === 'taken-down') return refuse('development-taken-down', where);
  return undefined;
}

/** The development, what replaced it, what replaced that, and so on; it ends even on a log that holds a circle. */
function replacementsOf(state: StoryState, id: string): Set<string> {
  const found = new Set<string>();
  for (let next: string | undefined = id; next && !found.has(next); next = state.developments.get(next)?.supersededBy)
    found.add(next);
  return found;
}
