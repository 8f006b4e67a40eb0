/** An item to choose, with all names by which it is found. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** A detail in small type. */
  readonly detail?: string;
  /** Other names by which it is found. */
  readonly also?: readonly string[];
}

/** A choice that matches the typed text. */
export interface Match {
  readonly choice: Choice;
  /** The other name that matched. */
  readonly by?: string;
}

/** A text without case and accents, for comparison. */
export const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The rank of a match; smaller is better: the whole name, its start, the start of a word, inside a word. */
function rank(name: string, query: string): number {
  const at = folded(name);
  if (at === query) return 0;
  if (at.startsWith(query)) return 1;
  if (at.split(/[\s\-–,.()]+/).some(word => word.startsWith(query))) return 2;
  return at.includes(query) ? 3 : Infinity;
}

/** The choices that match a text, the best first. An empty text matches all, in their given order. */
export function matches(choices: readonly Choice[], typed: string, limit = 12): Match[] {
  const query = folded(typed.trim());
  if (!query) return choices.slice(0, limit).map(choice => ({ choice }));
  const found = choices.flatMap((choice, order) => {
    const own = Math.min(rank(choice.label, query), rank(choice.id, query));
    const others = (choice.also ?? []).map(name => ({ name, rank: rank(name, query) }));
    const best = others.reduce((a, b) => (b.rank < a.rank ? b : a), { name: '', rank: Infinity });
    const score = Math.min(own, best.rank);
    return score === Infinity ? [] : [{ choice, order, score, ...(best.rank < own && { by: best.name }) }];
  });
  found.sort((a, b) => a.score - b.score || a.order - b.order);
  return found.slice(0, limit).map(({ choice, by }) => (by === undefined ? { choice } : { choice, by }));
}

/** Makes an id from a name. */
export const slugOf = (name: string): string =>
  folded(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
