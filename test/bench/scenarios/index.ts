import type { Scenario } from '../bench.js';
import { glass } from './glass.js';
import { hotStory } from './hot-story.js';
import { reads } from './reads.js';
import { settled } from './settled.js';

/** Everything that `npm run bench` measures, in the order of the table. */
export const scenarios: readonly Scenario[] = [glass, settled, hotStory, reads];
