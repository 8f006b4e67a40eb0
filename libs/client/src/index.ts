export * from './errors.js';
export * from './fold.js';
export { frames, longestChange, type Frame } from './frames.js';
export * from './live-timeline.js';
export * from './pauses.js';
export * from './reads.js';
export * from './requests.js';
export * from './signing.js';
export * from './stream.js';
