import { fetcherSecretSettings } from '#captures';
import { ConfigError, readSettings, serving, setting, type SettingsOf } from '#platform';
import { z } from 'zod';

/** The environment variables of the fetcher, with their schemas and defaults. It has none for Kafka, Postgres or keys. */
export const schemas = {
  ...serving,
  ...fetcherSecretSettings,
  CAPTURE_USER_AGENT: setting(
    z
      .string()
      .regex(/^[ -~]{1,300}$/, 'must be 1 to 300 visible ASCII characters')
      .default('Dateline (captures a page once, for a link in a live blog)'),
    'What the fetcher says of itself to the sites that it asks. Name your newsroom, and an address at which people can ask.',
  ),
  CAPTURE_PORTS: setting(
    z
      .string()
      .regex(/^\d{1,5}(,\d{1,5}){0,9}$/, 'must be ports, joined by commas')
      .transform(text => text.split(',').map(Number))
      .default([80, 443]),
    'Ports that the fetcher asks, joined by commas.',
  ),
  CAPTURE_NETWORKS: setting(
    z
      .string()
      .transform(text => text.split(',').map(part => part.trim()))
      .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be networks such as 10.1.0.0/16, joined by commas')))
      .optional(),
    'Networks that the fetcher asks although they are not public, joined by commas, such as that of a site of your own. Default: none.',
  ),
};
/** The parsed settings of the fetcher. */
export type FetcherSettings = SettingsOf<typeof schemas> & { readonly FETCHER_SECRET: string };

/** Reads the settings. Throws a ConfigError for an invalid one, and without a secret. */
export function fetcherSettings(env?: NodeJS.ProcessEnv): FetcherSettings {
  const { FETCHER_SECRET, ...read } = readSettings(schemas, env);
  if (FETCHER_SECRET === undefined)
    throw new ConfigError(
      'FETCHER_SECRET is not set. Give the fetcher and the editor-api the same one, or the same FETCHER_SECRET_FILE.',
    );
  return { ...read, FETCHER_SECRET };
}
