export * from './lines.js';
export * from './head.js';
export * from './key-file.js';
export * from './log-tree.js';
export * from './manifest.js';
export * from './merkle.js';
export * from './signing.js';
export * from './watch.js';
