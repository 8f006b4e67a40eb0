export { isBlobName } from './checked.js';
export * from './port.js';
export * from './store.js';
