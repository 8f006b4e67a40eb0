import { fingerprintOf, readSigningKey } from '#bundle';
import { devTokenSettings, readSettings, setting } from '#platform';
import { devCertifyingKeyFile } from '#signatures';
import { z } from 'zod';
import { trusted, type Trusted } from '../trust.js';

/** The settings that say whose certificates count. */
export const certifierSettings = {
  CERTIFIER: setting(
    z.string().optional(),
    'Expected certifier of authors’ keys, where no --certifier is given: a file with a JWK or JWKS, or a fingerprint. Default: the development key beside DEV_KEY_FILE.',
  ),
  DEV_KEY_FILE: devTokenSettings.DEV_KEY_FILE,
};

/** The fingerprints of the keys that may certify authors: those named, or else this machine's. Undefined if there are none. */
export async function certifiersFrom(given: string | undefined): Promise<Trusted> {
  const { CERTIFIER: set, DEV_KEY_FILE } = readSettings(certifierSettings);
  const named = given ?? set;
  if (named !== undefined) return trusted(named);
  const own = readSigningKey(devCertifyingKeyFile(DEV_KEY_FILE));
  return own && [fingerprintOf(own.kid)];
}
