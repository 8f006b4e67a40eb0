import { keySettings } from '#keys';
import { kafkaSettings, logSettings, setting } from '#platform';
import { z } from 'zod';

export const schemas = {
  ...kafkaSettings,
  KAFKA_ACLS: setting(
    z.stringbool().default(false),
    'Whether `prepare` also creates the brokers’ access rules (ACLs) for editor-api, projector and audit.',
  ),
  ...keySettings,
  ...logSettings,
};
