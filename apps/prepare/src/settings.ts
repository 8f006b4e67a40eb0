import { keySettings } from '#keys';
import { kafkaSettings, logSettings, setting } from '#platform';
import { z } from 'zod';

/** The environment variables of `prepare`, with their schemas and defaults. */
export const schemas = {
  ...kafkaSettings,
  KAFKA_ACLS: setting(
    z.stringbool().default(false),
    'Whether `prepare` also creates the brokers’ access rules (ACLs) for editor-api, projector and audit.',
  ),
  ...keySettings,
  ...logSettings,
};
