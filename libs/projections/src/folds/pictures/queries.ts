import type { Client } from '#postgres';
import type { PictureRow } from './projection.js';

/** Rows after a position, in the order of their positions; at most `most`, and all of the last one's position. */
export async function picturesAfter(client: Client, position: number, most: number): Promise<PictureRow[]> {
  const { rows } = await client.query<PictureRow>(
    `select story, development, position, kept, files, gone from picture where position > $1
     order by position fetch first $2 rows with ties`,
    [position, most],
  );
  return rows;
}

/** The pictures of one development. */
export async function picturesOf(
  client: Client,
  { story, development }: Pick<PictureRow, 'story' | 'development'>,
): Promise<PictureRow | undefined> {
  const { rows } = await client.query<PictureRow>('select * from picture where story = $1 and development = $2', [
    story,
    development,
  ]);
  return rows[0];
}

/** Those of these public names that some development shows. */
export async function namesShown(client: Client, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select distinct name from picture, unnest(files) name where files && $1 and name = any($1)`,
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}
