export * from './commit-line.js';
export * from './head.js';
export * from './index-line.js';
export * from './key-file.js';
export * from './manifest.js';
export * from './merkle.js';
export * from './signing.js';
export * from './watch.js';
