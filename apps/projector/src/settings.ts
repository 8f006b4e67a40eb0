import { optionalBlobSettings } from '#blobs';
import { signingKeySettings } from '#bundle';
import { keySettings } from '#keys';
import { kafkaSettings, serving, setting } from '#platform';
import { z } from 'zod';

/** The environment variables of the projector, with their schemas and defaults. */
export const schemas = {
  ...serving,
  ...kafkaSettings,
  ...keySettings,
  ...optionalBlobSettings,
  BATCH_SIZE: setting(
    z.coerce.number().int().min(1).max(10_000).default(500),
    'Maximum number of records that the projector applies in one transaction.',
  ),
  ...signingKeySettings,
  HEADS_TO: setting(
    z.string().optional(),
    'Where the projector writes signed heads of the log: a file’s path, or a URL that accepts each by POST and returns all by GET, with 200 also while there are none.',
  ),
};
