import { ConfigError, isLoopback, readSettings, serving, type Settings } from '#platform';

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
  'PAST_COMMITS',
  'PAST_QUEUE',
] as const;
export type ReaderSettings = Pick<Settings, (typeof names)[number]>;

/** Throws a ConfigError for a setting that is wrong, and for a process that others reach and that does not know where. */
export function readerSettings(env?: NodeJS.ProcessEnv): ReaderSettings {
  const settings = readSettings(names, env);
  if (settings.PUBLIC_URL === undefined && !isLoopback(settings.HOST))
    throw new ConfigError(
      `PUBLIC_URL is not set. HOST is ${settings.HOST}, which others reach: say where they do, such as https://live.example.`,
    );
  return settings;
}

/** What Nest injects them by. */
export const SETTINGS = Symbol('settings');
