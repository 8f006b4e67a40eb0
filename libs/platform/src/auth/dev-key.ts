import { SignJWT, type JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DevTokenSettings } from './settings.js';

/** The signature algorithm of the development key. */
export const devAlgorithm = 'EdDSA';

/** Reads the local development key, or creates it on first use in a file that only its owner may read. */
function devKey(file: string): JWK {
  const existing = read(file);
  if (existing) return existing;
  mkdirSync(dirname(file), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'dev', alg: devAlgorithm }), {
    mode: 0o600,
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(file)!;
}

/** Throws if other users may read the file: anyone with the key can sign as anybody. */
function read(file: string): JWK | undefined {
  try {
    if (statSync(file).mode & 0o077)
      throw new Error(`${file} signs tokens, but other users can read it. Run: chmod 600 ${file}`);
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The public half of the development key, as a key set. */
export function publicKeys(file: string): JWK[] {
  const { d: _private, ...key } = devKey(file);
  return [key];
}

/** A token for local use, signed by the development key and valid for `hours`. */
export async function devToken(
  settings: DevTokenSettings,
  who: { id: string; name: string; roles: readonly string[] },
  hours = 12,
): Promise<string> {
  return new SignJWT({ name: who.name, roles: who.roles })
    .setProtectedHeader({ alg: devAlgorithm, kid: 'dev', typ: 'at+jwt' })
    .setSubject(who.id)
    .setIssuer(settings.JWT_ISSUER)
    .setAudience(settings.JWT_AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(devKey(settings.DEV_KEY_FILE));
}
