export * from './arbitrate.js';
export * from './port.js';
export * from './record.js';
