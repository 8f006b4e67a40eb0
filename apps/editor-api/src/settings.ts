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
    'How long a command may wait to be settled before it is answered with 202, in milliseconds.',
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
