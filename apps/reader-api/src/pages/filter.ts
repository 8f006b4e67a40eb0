import type { TimelineFilter } from '#projections';

export const everything: TimelineFilter = { kinds: null, actors: null, condition: null, status: null, key: false };
