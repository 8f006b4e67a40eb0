export * from './actors.js';
export * from './answers.js';
export * from './certificates.js';
export * from './desk.js';
export * from './machines.js';
export * from './messages.js';
export * from './schemas.js';
