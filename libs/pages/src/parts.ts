// What a page's script may use as well as its server: nothing of Node.
export * from './language.js';
