import type { Scenario } from '../bench.js';
import { answers } from './answers.js';
import { glass } from './glass.js';
import { growth } from './growth.js';
import { hotStory } from './hot-story.js';
import { memory } from './memory.js';
import { past } from './past.js';
import { reads } from './reads.js';
import { rebuild } from './rebuild.js';
import { replay } from './replay.js';
import { settled } from './settled.js';
import { start } from './start.js';
import { streams } from './streams.js';
import { takedown } from './takedown.js';

/** All scenarios of `npm run bench`, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  glass,
  settled,
  hotStory,
  streams,
  reads,
  past,
  answers,
  memory,
  takedown,
  start,
  replay,
  rebuild,
  growth,
];
