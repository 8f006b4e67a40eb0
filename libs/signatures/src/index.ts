export * from './certificate.js';
export * from './certifying-key.js';
export * from './check.js';
export * from './jws.js';
export * from './own-key.js';
export * from './statement.js';
