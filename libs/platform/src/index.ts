export * from './auth.js';
export * from './config.js';
export * from './dev-key.js';
export * from './farewell.js';
export * from './http.js';
export * from './logging.js';
export * from './parent.js';
export * from './problem.js';
