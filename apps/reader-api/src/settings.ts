import { keySettings } from '#keys';
import {
  ConfigError,
  isLoopback,
  Milliseconds,
  publicUrlSettings,
  readSettings,
  serving,
  setting,
  type SettingsOf,
} from '#platform';
import { z } from 'zod';

const Count = z.coerce.number().int().min(1);

export const schemas = {
  ...serving,
  ...keySettings,
  ...publicUrlSettings,
  HEARTBEAT_MS: setting(Milliseconds.default(15_000), 'How often an open stream gets a sign of life, in milliseconds.'),
  LIVE_STREAMS: setting(
    Count.default(10_000),
    'How many readers may follow one process at once; further ones are answered with 503.',
  ),
  LIVE_STREAMS_PER_ADDRESS: setting(
    Count.default(256),
    'How many of them may come from one address, which readers behind one proxy or one network share: name proxies in TRUSTED_PROXIES.',
  ),
  LIVE_BACKLOG: setting(
    Count.default(1_000),
    'How many changes of a story a reader may have missed and still be sent; past that it loads the timeline again.',
  ),
  PAST_READS: setting(
    Count.max(16).default(2),
    'How many reads of the past one process works on at once: each folds a whole story.',
  ),
  PAST_COMMITS: setting(
    Count.default(5_000),
    'How many commits of a story a read of the past may fold: of a longer story, only its beginning can be asked for.',
  ),
  PAST_QUEUE: setting(
    z.coerce.number().int().min(0).max(1_000).default(64),
    'How many more reads of the past may wait for their turn, for five seconds each; the rest get 503 with Retry-After.',
  ),
};
export type ReaderSettings = SettingsOf<typeof schemas>;

/** Throws a ConfigError for a setting that is wrong, and for a process that others reach and that does not know where. */
export function readerSettings(env?: NodeJS.ProcessEnv): ReaderSettings {
  const read = readSettings(schemas, env);
  if (read.PUBLIC_URL === undefined && !isLoopback(read.HOST))
    throw new ConfigError(
      `PUBLIC_URL is not set. HOST is ${read.HOST}, which others reach: say where they do, such as https://live.example.`,
    );
  return read;
}

/** What Nest injects them by. */
export const SETTINGS = Symbol('settings');
