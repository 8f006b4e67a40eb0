export * from './port.js';
export * from './sealing.js';
export * from './store.js';
