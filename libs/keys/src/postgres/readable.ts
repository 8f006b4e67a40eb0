import type { Client } from '#postgres';
import { asked, type Keys } from '../port.js';
import { keysIn, type KeyRow } from './rows.js';

/**
 * The keys of those developments of a story that readers have been shown, from the live build's database. Omits developments that are
 * under embargo or unknown to the build. The reader's role can get keys only through this function. Rejects with a KeyStoreError.
 */
export async function readableKeys(client: Client, story: string, developments: Iterable<string>): Promise<Keys> {
  const ids = [...developments];
  if (ids.length === 0) return new Map();
  const { rows } = await asked(client.query<KeyRow>('select * from dateline_keys.readable($1, $2)', [story, ids]));
  return keysIn(rows);
}
