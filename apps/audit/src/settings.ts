import { optionalBlobSettings } from '#blobs';
import { signingKeySettings } from '#bundle';
import { keySettings } from '#keys';
import { kafkaSettings } from '#platform';
import { certifierSettings } from './signatures/certifiers.js';

/** Every setting that a command of `audit` reads. Each command reads only those that it needs. */
export const schemas = {
  ...kafkaSettings,
  ...keySettings,
  ...optionalBlobSettings,
  ...signingKeySettings,
  ...certifierSettings,
};
