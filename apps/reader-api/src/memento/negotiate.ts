import type { Memento } from '#projections';

/**
 * The memento that readers saw at an instant (milliseconds since 1970). HTTP dates name whole seconds, so it is the last
 * one that began within that second or before; the first one for whoever asks for what was before it.
 */
export const mementoAt = (all: readonly Memento[], instant: number): Memento | undefined =>
  all.findLast(({ at }) => Date.parse(at) < instant + 1_000) ?? all[0];
