import { kafkaSettings } from '#platform';

/** Every setting that some command of `audit` reads; each reads those that it needs. */
export const names = [...kafkaSettings, 'DATABASE_URL', 'KEY_STORE', 'SIGNING_KEY_FILE'] as const;
