import { secret, setting } from '#platform';
import { z } from 'zod';

/** The settings that the fetcher and those who ask it share. */
export const fetcherSecretSettings = {
  FETCHER_SECRET: secret(
    z.string().min(32, 'must have at least 32 characters').optional(),
    'What the editor-api and the fetcher share, at least 32 characters: the fetcher answers nobody else, and captures are proven by it. The fetcher does not start without it, nor the editor-api with FETCHER_URL.',
  ),
};

/** Where the fetcher is. */
export const fetcherSettings = {
  FETCHER_URL: setting(
    z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .transform(url => url.replace(/\/+$/, ''))
      .optional(),
    'URL of the fetcher, which captures pages that are linked to. Without it the newsroom captures none.',
  ),
  ...fetcherSecretSettings,
};
