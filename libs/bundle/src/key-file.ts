import { jsonOf } from '#domain';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { generateSigningKey, SigningJwk } from './signing.js';

/** The setting that names the signing key's file. */
export const signingKeySettings = {
  SIGNING_KEY_FILE: z.string().optional().meta({
    description:
      'File of the private key that signs bundles and heads of the log. Default: a development key of this machine.',
  }),
};

/** The largest file of a key or of a set of keys, in bytes. */
export const largestKeyFile = 1_024 * 1_024;

const devKeyFile = '.dateline/dev-signing-key.json';

/** The path of this machine's signing key: the one named, or the development key's. */
export const signingKeyFile = (named: string | undefined): string => named ?? devKeyFile;

/** Writes a new private key, readable by its owner only. Throws if the file exists: a key is never overwritten. */
export async function makeSigningKey(file: string, { dev }: { readonly dev: boolean }): Promise<SigningJwk> {
  const key = await generateSigningKey({ dev });
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(key)}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${file} already exists, and keys are never overwritten. Name another file.`, { cause: error });
  } finally {
    rmSync(draft);
  }
  return key;
}

/** Reads a key file; undefined if there is none. Throws if the file holds anything else. */
export function readSigningKey(file: string): SigningJwk | undefined {
  let text: string;
  try {
    text = keyFileText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = SigningJwk.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} holds no Ed25519 private JWK with a kid. Make one with: npm run audit -- keygen --to FILE`);
}

/** Reads the text of a key file. Throws if it is missing, not a regular file, or larger than any key. */
export function keyFileText(file: string): string {
  const stats = statSync(file);
  if (!stats.isFile() || stats.size > largestKeyFile)
    throw new Error(`${file} is not a key file: it is not a regular file, or has more than ${largestKeyFile} bytes.`);
  return readFileSync(file, 'utf8');
}

/** The signing key: from the file named, or else the development key, created on first use. */
export async function signingKey(file: string | undefined): Promise<SigningJwk> {
  if (file !== undefined) {
    const key = readSigningKey(file);
    if (key) return key;
    throw new Error(
      `SIGNING_KEY_FILE names ${file}, which does not exist. Create it with: npm run audit -- keygen --to ${file}`,
    );
  }
  const known = readSigningKey(devKeyFile);
  if (known) return known;
  // Another process may create it at the same time.
  const made = await makeSigningKey(devKeyFile, { dev: true }).catch(() => readSigningKey(devKeyFile));
  if (!made) throw new Error(`The development key could not be written to ${devKeyFile}.`);
  return made;
}
