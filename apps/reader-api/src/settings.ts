import { readSettings, type Settings } from '#platform';

const names = ['DATABASE_URL', 'HOST', 'PORT', 'PUBLIC_URL', 'LOG_LEVEL', 'HEARTBEAT_MS', 'LIVE_BACKLOG'] as const;

export type ReaderSettings = Pick<Settings, (typeof names)[number]>;
export const readerSettings = (env?: NodeJS.ProcessEnv): ReaderSettings => readSettings(names, env);

/** What Nest injects them by. */
export const SETTINGS = Symbol('settings');
