import { setting } from '#platform';
import { certifyingKeySettings } from '#signatures';
import { z } from 'zod';

/** The settings of authors' signatures. */
export const signatureSettings = {
  SIGNATURES: setting(
    z.enum(['accepted', 'required']).default('accepted'),
    'Whether every command must be signed by its author. With `required`, programs need a key too, and a command without a signature is refused.',
  ),
  ...certifyingKeySettings,
};
