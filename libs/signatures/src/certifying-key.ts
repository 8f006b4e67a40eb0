import { makeSigningKey, readSigningKey, type SigningJwk } from '#bundle';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The setting that names the file of the certifying key. */
export const certifyingKeySettings = {
  CERTIFYING_KEY_FILE: z.string().optional().meta({
    description:
      'File of the private key with which the editor-api certifies the keys of authors, the same for all editor-apis of a newsroom. Without it nobody’s key is certified; with AUTH=dev a development key beside DEV_KEY_FILE is used.',
  }),
};

/** The certifying key of a developer's machine. */
export const devCertifyingKeyFile = (devKeyFile: string): string =>
  join(dirname(devKeyFile), 'dev-certifying-key.json');

interface Settings {
  readonly CERTIFYING_KEY_FILE?: string | undefined;
  readonly AUTH: string;
  readonly DEV_KEY_FILE: string;
}

/** The key with which authors' keys are certified; undefined if the newsroom has none. Throws if the named file has none. */
export async function certifyingKey(settings: Settings): Promise<SigningJwk | undefined> {
  const { CERTIFYING_KEY_FILE: named, AUTH, DEV_KEY_FILE } = settings;
  if (named !== undefined) {
    const key = readSigningKey(named);
    if (key) return key;
    const how = `Create it with: npm run audit -- keygen --to ${named}`;
    throw new Error(`CERTIFYING_KEY_FILE names ${named}, which does not exist. ${how}`);
  }
  if (AUTH !== 'dev') return undefined;
  const file = devCertifyingKeyFile(DEV_KEY_FILE);
  const known = readSigningKey(file);
  if (known) return known;
  // Another process may create it at the same time.
  return makeSigningKey(file, { dev: true }).catch(() => readSigningKey(file));
}
