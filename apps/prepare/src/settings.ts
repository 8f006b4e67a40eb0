import { kafkaSettings } from '#platform';

export const names = [...kafkaSettings, 'KAFKA_ACLS', 'DATABASE_URL', 'LOG_LEVEL'] as const;
