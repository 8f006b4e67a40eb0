export { escapeIdentifier } from 'pg';
export * from './listen.js';
export * from './lock.js';
export * from './migrate.js';
export { allOf, inShortTransaction, inTransaction, openPool, type Client, type Pool } from './pool.js';
export * from './prepared.js';
export * from './roles.js';
export * from './access.js';
export * from './settings.js';
