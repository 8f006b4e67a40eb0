export * from './port.js';
export { readableKeys } from './postgres/readable.js';
export * from './sealing.js';
export * from './store.js';
