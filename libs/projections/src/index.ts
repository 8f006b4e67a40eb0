export type * from './actor-state/rows.js';
export type * from './actors/rows.js';
export type * from './fold.js';
export type * from './stories/rows.js';
export type * from './timeline/rows.js';
