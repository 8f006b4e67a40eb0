export * from './arbitrate.js';
export * from './kafka/index.js';
export * from './port.js';
export * from './record.js';
