import { signingKeySettings } from '#bundle';
import { keySettings } from '#keys';
import { kafkaSettings } from '#platform';

/** Every setting that some command of `audit` reads; each reads those that it needs. */
export const schemas = { ...kafkaSettings, ...keySettings, ...signingKeySettings };
