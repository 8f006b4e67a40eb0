import { kafkaSettings, serving } from '#platform';

export const names = [
  ...serving,
  ...kafkaSettings,
  'DATABASE_URL',
  'KEY_STORE',
  'PUBLIC_URL',
  'SETTLE_TIMEOUT_MS',
  'EMBARGO_TOLERANCE_MS',
  'JWKS_URL',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'DEV_KEY_FILE',
] as const;
