export * from './commands.js';
export * from './errors.js';
export * from './fold.js';
export { frames, longestChange, type Frame } from './frames.js';
export * from './live-timeline.js';
export * from './path.js';
export * from './pauses.js';
export * from './reads.js';
export * from './stream.js';
