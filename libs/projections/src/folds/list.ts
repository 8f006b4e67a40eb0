import { actorState } from './actor-state/projection.js';
import { actors } from './actors/projection.js';
import { commits } from './commits/projection.js';
import type { Projection } from './fold.js';
import { keyPoints } from './key-points/projection.js';
import { pictures } from './pictures/projection.js';
import { search } from './search/projection.js';
import { shownCommits } from './shown-commits/projection.js';
import { stories } from './stories/projection.js';
import { timeline } from './timeline/projection.js';
import { withheld } from './withheld/projection.js';

/** Every projection. To add one, add its folder and a line here. */
export const projections: readonly Projection[] = [
  stories,
  timeline,
  actorState,
  actors,
  commits,
  shownCommits,
  search,
  keyPoints,
  pictures,
  withheld,
];

/** The projections that folding any other one again depends on: they are always folded too. */
export const alwaysFolded: readonly string[] = [withheld.name, commits.name];
