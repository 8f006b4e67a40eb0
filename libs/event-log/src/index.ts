export * from './arbitrate.js';
export * from './kafka/index.js';
export * from './port.js';
export { headersOf, type RawRecord } from './raw.js';
export * from './record.js';
