export { renditionTypes, type Picture, type Rendition } from './answer.js';
export * from './errors.js';
export { guarded, Turns, WorkEnded, type WorkBounds, type WhyEnded } from './guard.js';
export * from './limits.js';
export { openPictures, type Named, type Pictures } from './pictures.js';
export type { Offered } from './texts.js';
