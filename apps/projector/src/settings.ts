import { kafkaSettings, serving } from '#platform';

export const names = [
  ...serving,
  ...kafkaSettings,
  'DATABASE_URL',
  'KEY_STORE',
  'BATCH_SIZE',
  'SIGNING_KEY_FILE',
  'HEADS_TO',
] as const;
