export * from './assets.js';
export * from './document.js';
export * from './html.js';
export * from './page-safe-json.js';
export * from './parts.js';
export * from './serve.js';
