import type { Keys } from '#keys';

/** Looks up the keys of these developments. */
export type KeySource = (developments: ReadonlySet<string>) => Promise<Keys>;
