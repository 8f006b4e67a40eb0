import { kafkaSettings, serving, tokenSettings } from '#platform';

export const names = [
  ...serving,
  ...kafkaSettings,
  'DATABASE_URL',
  'KEY_STORE',
  'PUBLIC_URL',
  'FAILED_SIGN_INS_PER_MINUTE',
  'WRITES_PER_MINUTE',
  'SETTLE_TIMEOUT_MS',
  'EMBARGO_TOLERANCE_MS',
  ...tokenSettings,
  'NODE_ENV',
] as const;
