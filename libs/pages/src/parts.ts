// The parts that run in a browser as well as on the server: no Node APIs.
export * from './page-context.js';
export { pageChanges, type PageChange } from './entry/captured-again.js';
export * from './entry/entry.js';
export * from './entry/state.js';
export * from './frame.js';
export * from '#domain/language';
export * from './links.js';
export * from './moment/form.js';
export * from './moment/zoned.js';
export * from './occurred.js';
export * from './reader/state.js';
export * from './shown.js';
export * from './view.js';
export * from './words/index.js';
