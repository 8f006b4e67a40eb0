import {
  ConfigError,
  isLoopback,
  Milliseconds,
  publicUrlSettings,
  readSettings,
  serving,
  setting,
  streamSettings,
  type SettingsOf,
} from '#platform';
import { optionalBlobSettings } from '#blobs';
import { databaseSettings } from '#postgres';
import { z } from 'zod';
import { brandSettings } from './brand/settings.js';

const Count = z.coerce.number().int().min(1);

/** The environment variables of the reader-api, with their schemas and defaults. */
export const schemas = {
  ...serving,
  ...databaseSettings,
  ...optionalBlobSettings,
  ...publicUrlSettings,
  ...streamSettings,
  ...brandSettings,
  HEARTBEAT_MS: setting(
    Milliseconds.max(30_000).default(15_000),
    'Heartbeat interval on open streams, in milliseconds. At most 30 s, as clients give up a stream that is silent for 45 s.',
  ),
  LIVE_STREAMS: setting(
    Count.default(10_000),
    'Maximum number of open streams per process; more are answered with 503.',
  ),
  LIVE_STREAMS_PER_ADDRESS: setting(
    Count.default(256),
    'Maximum number of open streams per address; more are answered with 429. Readers behind one proxy or network share an address: name proxies in TRUSTED_PROXIES.',
  ),
  LIVE_BACKLOG: setting(
    Count.default(1_000),
    'Maximum number of missed changes that a stream resends; a reader who missed more loads the timeline again.',
  ),
  ANSWERS_BYTES: setting(
    Count.default(32 * 1_024 * 1_024),
    'Maximum number of bytes of answers that a process keeps for the next reader who asks the same; the least recently used go first.',
  ),
  CACHE_SECONDS: setting(
    z.coerce.number().int().min(0).max(60).default(0),
    'How long caches and browsers may show an answer without asking again, in seconds. Readers then see news, corrections and takedowns that much later. 0: they ask each time.',
  ),
  CACHE_PIECES_SECONDS: setting(
    z.coerce.number().int().min(0).max(31_536_000).default(0),
    'How long caches may keep a complete piece of /stories/:story/changes, in seconds. Words that a takedown removed may be read from such a copy for that long, unless you purge the cache. 0: as CACHE_SECONDS.',
  ),
  CACHE_PICTURES_SECONDS: setting(
    z.coerce.number().int().min(0).max(31_536_000).default(3_600),
    'How long caches and browsers may show a picture without asking again, in seconds. A picture that was retracted or taken down may be seen from such a copy for that long. 0: they ask each time.',
  ),
};
/** The parsed settings of the reader-api. */
export type ReaderSettings = SettingsOf<typeof schemas>;

/**
 * Reads the settings. Throws a ConfigError for an invalid setting, and if a process that other machines reach has no public
 * URL.
 */
export function readerSettings(env?: NodeJS.ProcessEnv): ReaderSettings {
  const read = readSettings(schemas, env);
  if (read.PUBLIC_URL === undefined && !isLoopback(read.HOST))
    throw new ConfigError(
      `PUBLIC_URL is not set, but HOST is ${read.HOST}, which other machines can reach. Set PUBLIC_URL to the address that readers use, such as https://live.example.`,
    );
  return read;
}

/** Injects the settings. */
export const SETTINGS = Symbol('settings');
