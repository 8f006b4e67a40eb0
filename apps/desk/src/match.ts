/** Something to choose, and all the names that it is found by. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** What is said of it in small type. */
  readonly detail?: string;
  /** Other names that find it. */
  readonly also?: readonly string[];
}

export interface Match {
  readonly choice: Choice;
  /** The other name by which it was found. */
  readonly by?: string;
}

/** For comparing: without case and accents. */
export const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The better the smaller: the whole name, its beginning, a word's beginning, inside. */
function rank(name: string, query: string): number {
  const at = folded(name);
  if (at === query) return 0;
  if (at.startsWith(query)) return 1;
  if (at.split(/[\s\-–,.()]+/).some(word => word.startsWith(query))) return 2;
  return at.includes(query) ? 3 : Infinity;
}

/** What a typed text may mean, the best first; everything in its own order where nothing is typed. */
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

/** An id as ids are written, made of a name. */
export const slugOf = (name: string): string =>
  folded(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
