/** Nothing more was deleted, because the log, the tables and the store may not belong together. The message says what to do. */
export class CollectionRefused extends Error {}
