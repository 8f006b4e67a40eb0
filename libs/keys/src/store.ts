import { databaseSettings } from '#postgres';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { folderOfKeys, prepareFolderOfKeys } from './folder/store.js';
import type { KeyStore } from './port.js';
import { grantPostgresKeys, postgresKeys, preparePostgresKeys, riskOfPostgresKeys } from './postgres/store.js';

const isFolder = (url: string) => url.startsWith('file:');

/** The settings of the key store. */
export const keySettings = {
  ...databaseSettings,
  KEY_STORE: z
    .url({ protocol: /^(postgres(ql)?|file)$/, error: 'must be a postgres:// URL, or a file:// URL of a folder' })
    .optional()
    .meta({
      description:
        'Store of the keys that decrypt developments: a postgres:// URL, or the file:// URL of a folder. Default: DATABASE_URL.',
      secret: true,
    }),
};

/** The location of the key store. */
export interface KeySettings {
  readonly KEY_STORE?: string | undefined;
  readonly DATABASE_URL: string;
}
const urlOf = ({ KEY_STORE, DATABASE_URL }: KeySettings) => KEY_STORE ?? DATABASE_URL;

/** Creates or migrates the store; processes that only read need not call it. Rejects with a KeyStoreError. */
export function prepareKeyStore(settings: KeySettings): Promise<void> {
  const url = urlOf(settings);
  return isFolder(url) ? prepareFolderOfKeys(fileURLToPath(url)) : preparePostgresKeys(url);
}

/** Finds the reason why the store could lose the latest keys, as a sentence. Rejects with a KeyStoreError. */
export async function riskOfKeys(settings: KeySettings): Promise<string | undefined> {
  const url = urlOf(settings);
  return isFolder(url) ? undefined : riskOfPostgresKeys(url);
}

/** Grants each app its rights, if the store distinguishes apps. Rejects with a KeyStoreError. */
export async function grantKeyStore(settings: KeySettings): Promise<void> {
  const url = urlOf(settings);
  if (!isFolder(url)) await grantPostgresKeys(url);
}

/** Opens the store that the settings name. */
export function openKeyStore(settings: KeySettings): KeyStore {
  const url = urlOf(settings);
  return isFolder(url) ? folderOfKeys(fileURLToPath(url)) : postgresKeys(url);
}

/** The most connections that the keys of drafts take. */
const draftConnections = 2;

/**
 * Opens the store of the keys of drafts, which the editor-api creates and destroys. Ids are those of `draftKeyId`. In Postgres it is a
 * separate table, so that the right to destroy is for these keys alone.
 */
export function openDraftKeys(settings: KeySettings): KeyStore {
  const url = urlOf(settings);
  return isFolder(url) ? folderOfKeys(fileURLToPath(url)) : postgresKeys(url, 'draft_key', draftConnections);
}
