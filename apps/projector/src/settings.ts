import { kafkaSettings, serving } from '#platform';

export const names = [
  ...serving,
  ...kafkaSettings,
  'DATABASE_URL',
  'BATCH_SIZE',
  'SIGNING_KEY_FILE',
  'HEADS_TO',
] as const;
