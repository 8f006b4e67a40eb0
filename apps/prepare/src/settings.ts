import { keySettings } from '#keys';
import { kafkaSettings, logSettings, setting } from '#platform';
import { z } from 'zod';

export const schemas = {
  ...kafkaSettings,
  KAFKA_ACLS: setting(
    z.stringbool().default(false),
    'Whether `prepare` also tells the brokers what editor-api, projector and audit may do there.',
  ),
  ...keySettings,
  ...logSettings,
};
