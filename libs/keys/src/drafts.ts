import { createSecretKey } from 'node:crypto';
import { decryptJwe, encryptJwe } from './jwe.js';
import { KeyStoreError, type Key } from './port.js';

/** Where a sealed part of a draft belongs. It cannot be opened at another place. */
export interface DraftPlace {
  readonly draft: string;
  readonly story: string;
  /** The version that the content belongs to; the summary belongs to all versions. */
  readonly version?: number;
}

/** The id of a draft's key in the store. No development has such an id. */
export const draftKeyId = (draft: string): string => `draft:${draft}`;

const keyBytes = 32;
const sealing = (secret: Uint8Array) => createSecretKey(secret.subarray(0, keyBytes));
const headerOf = ({ draft, story, version }: DraftPlace) => ({
  kid: draftKeyId(draft),
  story,
  part: version === undefined ? 'summary' : `version ${version}`,
});

/** Encrypts a part of a draft under the draft's key. */
export const sealDraft = (secret: Uint8Array, place: DraftPlace, part: object): string =>
  encryptJwe(sealing(secret), headerOf(place), JSON.stringify(part));

/** A part of a draft; undefined if its key was destroyed. Throws a KeyStoreError if the key is missing or does not open it. */
export function openDraft(key: Key | undefined, place: DraftPlace, sealed: string): unknown {
  if (!key) throw new KeyStoreError('key-missing', draftKeyId(place.draft));
  if ('destroyed' in key) return undefined;
  const plain = decryptJwe(sealing(key.secret), headerOf(place), sealed);
  if (!plain) throw new KeyStoreError('sealed-unreadable', draftKeyId(place.draft));
  return JSON.parse(plain.toString());
}
