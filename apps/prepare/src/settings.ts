import { kafkaSettings } from '#platform';

export const names = [...kafkaSettings, 'KAFKA_ACLS', 'DATABASE_URL', 'KEY_STORE', 'LOG_LEVEL'] as const;
