import {
  fingerprintOf,
  fingerprintsIn,
  keyFileText,
  readSigningKey,
  signingKeyFile,
  signingKeySettings,
} from '#bundle';
import { readSettings } from '#platform';
import { existsSync } from 'node:fs';

/** The fingerprints of the keys that may sign; undefined if none was given and this machine has none. */
export type Trusted = readonly string[] | undefined;

const fingerprint = /^(dev-)?[A-Za-z0-9_-]{43}$/;

/** Reads the expected signers: a JWK or JWKS in a file, or a fingerprint. By default it is this machine's signing key. */
export async function trusted(given: string | undefined): Promise<Trusted> {
  if (given === undefined) {
    const own = readSigningKey(signingKeyFile(readSettings(signingKeySettings).SIGNING_KEY_FILE));
    return own && [fingerprintOf(own.kid)];
  }
  if (existsSync(given))
    return fingerprintsIn(keyFileText(given)).catch(() => {
      throw new Error(`${given} holds no JWK and no JWKS.`);
    });
  if (fingerprint.test(given)) return [fingerprintOf(given)];
  throw new Error(`${given} is neither a file with a JWK or JWKS nor a fingerprint of 43 characters.`);
}

/** The warning for a signature that was compared with no expected signer. */
export const notTrusted = 'The signer was not checked. Name the expected signer with --key FINGERPRINT|FILE.';
