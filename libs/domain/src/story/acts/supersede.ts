import { z } from 'zod';
import { refuse, type Refusal } from '../../errors.js';
import { DevelopmentId } from '../../text.js';
import { defineAct, defineEvent, of } from '../define.js';
import { changed, isOver, type DevelopmentState, type StoryDecision, type StoryState } from '../state.js';
import type { StoryEvent } from '../story.js';

type Superseding = { readonly development: string; readonly by: string };

/** Another development, `by`, replaces this one. */
export const developmentSuperseded = defineEvent({
  type: 'DevelopmentSuperseded',
  fields: { ...of, by: DevelopmentId },
  readers: 'shown',
  evolve: (state, { development, by }) => succeeded(state, development, by),
  reconstruct: data => supersede.decide(data),
  fills: {
    bound: 'supersededByDevelopment',
    full: 'The development supersedes the maximum number of others',
    instead: 'Name another development as the replacement.',
    count: ({ developments }, { by }) => developments.get(by)?.supersedes?.length ?? 0,
  },
});

/** The development is active again, as the one that had superseded it was removed. */
export const developmentReinstated = defineEvent({
  type: 'DevelopmentReinstated',
  fields: { ...of, retracted: DevelopmentId },
  readers: 'shown',
  evolve: (state, { development }) => succeeded(state, development, undefined),
  // A retraction or a takedown reinstates, in the same commit and after its own event.
  reconstruct: null,
});

/** Replaces a development by another one. */
export const supersede = defineAct({
  does: 'supersede-development',
  on: 'development',
  route: 'supersede',
  summary: 'Supersede a development with another one',
  label: 'Supersede',
  body: z.strictObject({ by: DevelopmentId }).meta({ id: 'SupersedeDevelopment' }),
  command: ({ target: { development }, body }) => ({ development, ...body }),
  decide:
    (command: Superseding): StoryDecision =>
    state => {
      const replacement = state.developments.get(command.by);
      if (!replacement) return refuse('unknown-development', { path: ['by'] });
      const over = isOver(replacement, { path: ['by'] });
      if (over) return over;
      if (state.embargoes.has(command.by)) return refuse('development-embargoed', { path: ['by'] });
      const held = supersedable(state, command.development, command.by);
      if ('refused' in held) return held;
      return held.supersededBy === command.by ? [] : [{ type: 'DevelopmentSuperseded', data: command }];
    },
});

/**
 * Finds the development and checks that `by` may supersede it. `where` is the path to the id in the command's body, if the body names
 * it.
 */
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

/** The development is superseded by this one from now on; undefined: by none. */
function succeeded(state: StoryState, id: string, by: string | undefined): StoryState {
  const held = state.developments.get(id);
  if (!held) return state;
  const former = held.supersededBy;
  const without =
    former === undefined || former === by ? state : superseding(state, former, all => all.filter(each => each !== id));
  const handed = by === undefined || former === by ? without : superseding(without, by, all => [...all, id]);
  return changed(handed, id, { status: by === undefined ? 'active' : 'superseded', supersededBy: by });
}

function superseding(state: StoryState, id: string, change: (all: readonly string[]) => string[]): StoryState {
  const all = change(state.developments.get(id)?.supersedes ?? []);
  return changed(state, id, { supersedes: all.length > 0 ? all : undefined });
}

/** The development, its replacement, the replacement's replacement, and so on. Terminates even if a log holds a cycle. */
function replacementsOf(state: StoryState, id: string): Set<string> {
  const found = new Set<string>();
  for (let next: string | undefined = id; next && !found.has(next); next = state.developments.get(next)?.supersededBy)
    found.add(next);
  return found;
}

/**
 * Events for developments that a removed one had superseded: each becomes active again, or is superseded by the removed one's
 * replacement.
 */
export function handedOn(state: StoryState, development: string): StoryEvent[] {
  const held = state.developments.get(development);
  const heir = held?.status === 'superseded' ? held.supersededBy : undefined;
  return (held?.supersedes ?? [])
    .filter(id => {
      const replaced = state.developments.get(id);
      return replaced?.status === 'superseded' && replaced.supersededBy === development;
    })
    .toSorted()
    .map(id =>
      heir
        ? { type: 'DevelopmentSuperseded', data: { development: id, by: heir } }
        : { type: 'DevelopmentReinstated', data: { development: id, retracted: development } },
    );
}
