import { readSettings, serving, type Settings } from '#platform';

export const names = [
  ...serving,
  'DATABASE_URL',
  'KEY_STORE',
  'PUBLIC_URL',
  'HEARTBEAT_MS',
  'LIVE_BACKLOG',
  'LIVE_STREAMS',
  'LIVE_STREAMS_PER_ADDRESS',
  'PAST_READS',
  'PAST_QUEUE',
] as const;
export type ReaderSettings = Pick<Settings, (typeof names)[number]>;

export const readerSettings = (env?: NodeJS.ProcessEnv): ReaderSettings => readSettings(names, env);

/** What Nest injects them by. */
export const SETTINGS = Symbol('settings');
