import { actorState } from './actor-state/projection.js';
import { actors } from './actors/projection.js';
import { commits } from './commits/projection.js';
import type { Projection } from './fold.js';
import { stories } from './stories/projection.js';
import { timeline } from './timeline/projection.js';
import { withheld } from './withheld/projection.js';

/** Every projection there is; a new one is its folder and a line here. */
export const projections: readonly Projection[] = [stories, timeline, actorState, actors, commits, withheld];

/** Those that the rows of all others rest on, and are made again from: they are folded whenever any is. */
export const alwaysFolded: readonly string[] = [withheld.name, commits.name];
