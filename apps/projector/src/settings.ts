import { serving } from '#platform';

export const names = [
  ...serving,
  'KAFKA_BROKERS',
  'LOG_TOPIC',
  'DATABASE_URL',
  'KEY_STORE',
  'BATCH_SIZE',
  'SIGNING_KEY_FILE',
  'HEADS_TO',
] as const;
