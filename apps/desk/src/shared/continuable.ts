import type { DraftSummary } from '../contracts.js';
import { isUnsaved, type Draft, type Person } from '../drafts.js';
import { at } from '../form-model/values.js';

/** A draft that can be continued: the newsroom's, or one that only this browser has. */
export interface Continuable {
  readonly id: string;
  readonly changed: string;
  readonly words: string;
  /** Undefined for a draft that only this browser has. */
  readonly holder?: Person;
  /** The copy of this browser, if it has one. */
  readonly copy?: Draft;
}

/** The words that name a draft: its text, or else its headline. */
export const wordsOf = ({ value }: Draft): string =>
  String(at(value, ['content', 'body']) ?? at(value, ['content', 'headline']) ?? '').trim();

/** How many letters of a draft name it in a notice. */
const namedBy = 40;

/** That a post failed while its author was writing another one. `kept`: the drafts of this browser, unless it was discarded. */
export function notPosted(draft: Draft, kept: readonly Draft[], outcome: object): string {
  const words = wordsOf(draft);
  const name = words.length > namedBy ? `${words.slice(0, namedBy)}…` : words;
  const what = words === '' ? 'A draft' : `“${name}”`;
  const where = kept.some(({ id }) => id === draft.id) ? ['It is under “Other drafts”.'] : [];
  const why = 'detail' in outcome ? [outcome.detail] : [];
  return [`${what} was not posted.`, ...where, ...why].join(' ');
}

/** The drafts beside the open one, the last changed first: the person's own before those of colleagues. */
export function continuables(
  team: readonly DraftSummary[],
  local: readonly Draft[],
  open: string | undefined,
  me: string,
): Continuable[] {
  const shared = team.map(({ id, changed, words, holder }): Continuable => {
    const copy = local.find(draft => draft.id === id);
    return { id, changed, words, holder, ...(copy && { copy }) };
  });
  const known = new Set(team.map(({ id }) => id));
  const own = local
    .filter(({ id }) => !known.has(id))
    .map((copy): Continuable => ({ id: copy.id, changed: copy.changed, words: wordsOf(copy), copy }));
  const isOwn = ({ holder }: Continuable) => holder === undefined || holder.id === me;
  return [...shared, ...own]
    .filter(({ id }) => id !== open)
    .sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || (a.changed < b.changed ? 1 : -1));
}

/** Copies in this browser of drafts that have ended: the newsroom had all of them. */
export const outdated = (team: readonly DraftSummary[], local: readonly Draft[]): Draft[] =>
  local.filter(draft => draft.saved && !isUnsaved(draft) && !team.some(({ id }) => id === draft.id));
