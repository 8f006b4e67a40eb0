/** Every setting that some command of `audit` reads; each reads those that it needs. */
export const names = ['KAFKA_BROKERS', 'LOG_TOPIC', 'DATABASE_URL', 'KEY_STORE', 'SIGNING_KEY_FILE'] as const;
