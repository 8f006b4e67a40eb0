export * from './port.js';
export { readableKeys } from './postgres/store.js';
export * from './sealing.js';
export * from './store.js';
