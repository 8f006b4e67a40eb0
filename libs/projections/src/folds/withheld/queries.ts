import type { Client } from '#postgres';
import type { WithheldRow } from './rows.js';

/** Every development under embargo, of all stories, in order of recording. Not for readers. */
export async function allWithheld(client: Client): Promise<WithheldRow[]> {
  const { rows } = await client.query<WithheldRow>('select * from withheld order by position, development');
  return rows;
}
