import { fingerprintOf, readSigningKey } from '#bundle';
import { devTokenSettings, readSettings } from '#platform';
import { devCertifyingKeyFile } from '#signatures';
import { trusted, type Trusted } from '../trust.js';

/** The setting that leads to the certifying key of a developer's machine. */
export const certifierSettings = { DEV_KEY_FILE: devTokenSettings.DEV_KEY_FILE };

/** The fingerprints of the keys that may certify authors: those named, or else this machine's. Undefined if there are none. */
export async function certifiersFrom(given: string | undefined): Promise<Trusted> {
  if (given !== undefined) return trusted(given);
  const own = readSigningKey(devCertifyingKeyFile(readSettings(certifierSettings).DEV_KEY_FILE));
  return own && [fingerprintOf(own.kid)];
}
