import { keySettings } from '#keys';
import {
  Allowance,
  kafkaSettings,
  Milliseconds,
  publicUrlSettings,
  serving,
  setting,
  signedInLimits,
  tokenSettings,
} from '#platform';
import { z } from 'zod';

export const schemas = {
  ...serving,
  ...kafkaSettings,
  ...keySettings,
  ...publicUrlSettings,
  ...signedInLimits,
  SETTLE_TIMEOUT_MS: setting(
    Milliseconds.default(5_000),
    'The longest time until a command is answered, in milliseconds: with 202 where it was sent and the log has not settled it, with 503 where it was not sent.',
  ),
  EMBARGO_TOLERANCE_MS: setting(
    Allowance.default(500),
    'How far an editor-api’s clock may be ahead, in milliseconds: an embargo lifts so much later than its hour.',
  ),
  ...tokenSettings,
  NODE_ENV: setting(
    z.string().optional(),
    '`production` keeps tokens of the local key from being printed. The image sets it.',
  ),
};
