import { optionalBlobSettings } from '#blobs';
import { fetcherSettings } from '#captures/ask';
import { keySettings } from '#keys';
import {
  Allowance,
  kafkaSettings,
  Milliseconds,
  publicUrlSettings,
  serving,
  setting,
  signedInLimits,
  streamSettings,
  tokenSettings,
} from '#platform';
import { z } from 'zod';
import { signatureSettings } from './signatures/settings.js';
import { signInSettings } from './sign-in/settings.js';

/** The environment variables of the editor-api, with their schemas and defaults. */
export const schemas = {
  ...serving,
  ...kafkaSettings,
  ...keySettings,
  ...optionalBlobSettings,
  ...fetcherSettings,
  CREDENTIALS_ANCHORS: setting(
    z.string().min(1).optional(),
    'Path of a PEM file with the certificates of authorities whose signers of content credentials (C2PA) the newsroom trusts. Without it, credentials that fit their picture are valid, and none are trusted.',
  ),
  ...publicUrlSettings,
  ...signedInLimits,
  DESK_FEEDS: setting(
    z.coerce.number().int().min(1).default(2_000),
    'Maximum number of open feeds of desks per process; more are answered with 503.',
  ),
  DESK_FEEDS_PER_PERSON: setting(
    z.coerce.number().int().min(1).default(50),
    'Maximum number of open feeds per person and process; more are answered with 429.',
  ),
  ...streamSettings,
  SETTLE_TIMEOUT_MS: setting(
    Milliseconds.default(5_000),
    'Maximum time to answer a command, in milliseconds. After it the answer is 202 if the command was sent but not settled, 503 if it was not sent.',
  ),
  EMBARGO_TOLERANCE_MS: setting(
    Allowance.default(500),
    'How far an editor-api’s clock may be ahead, in milliseconds. An embargo lifts this much later than its time.',
  ),
  STATE_DIR: setting(
    z.string().min(1).optional(),
    'Folder of this process alone, in which it keeps its state of the log, so that a later start reads only what is new. It is a cache: deleting it loses nothing. Without it each start reads the whole log.',
  ),
  ...tokenSettings,
  ...signatureSettings,
  ...signInSettings,
  NODE_ENV: setting(
    z.string().optional(),
    'With `production`, no token of the local key is printed. The image sets it.',
  ),
};
