import type { Client } from '#postgres';
import { configurations } from './configurations.js';

/** Search for words: in one story, or in all. */
export interface Searched {
  /** As the reader typed it: words, "phrases", or, and -without. */
  readonly words: string;
  readonly story: string | null;
}

/** A development that has the words. In its texts, the words are between `markers`, which no text holds. */
export interface FoundWords {
  readonly story: string;
  readonly development: string;
  readonly headline: string;
  /** Null where only the headline has text. */
  readonly excerpt: string | null;
}

/** Control characters, which no text of the log holds. */
export const markers = ['\u0001', '\u0002'] as const;
const options = `StartSel=${markers[0]}, StopSel=${markers[1]}`;

// As in the index.
const words = `(setweight(to_tsvector(config, headline), 'A') || setweight(to_tsvector(config, body), 'B') ||
  setweight(to_tsvector(config, linked), 'C'))`;
// The words of linked pages follow, so that they are shown where the development's own texts have none of those asked for.
const texts = `concat_ws(E'\\n', nullif(body, ''), nullif(linked, ''))`;

const found = `with asked as materialized (
    select config, websearch_to_tsquery(config, $1) as query from unnest($2::regconfig[]) config
  ), found as (
    select search.*, query, ts_rank(${words}, query) as rank from search join asked using (config)
    where ${words} @@ query and ($3::text is null or story = $3)
  )`;

const values = ({ words, story }: Searched) => [words, configurations, story];

/** One page of what has the words: the best first, and of equals the latest. A rank depends on a development's own words alone. */
export async function foundWords(client: Client, asked: Searched, from: number, limit: number): Promise<FoundWords[]> {
  const { rows } = await client.query<FoundWords>(
    `${found}
     select story, development, ts_headline(config, headline, query, '${options}, HighlightAll=true') as headline,
       nullif(ts_headline(config, ${texts}, query, '${options}, MaxWords=30, MinWords=12, ShortWord=0'), '') as excerpt
     from (select * from found order by rank desc, position desc, ordinal desc limit $4 offset $5) page
     order by rank desc, position desc, ordinal desc`,
    [...values(asked), limit, from],
  );
  return rows;
}

/** How many developments have the words; counts no further than `most`. */
export async function countWords(client: Client, asked: Searched, most: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `${found} select count(*)::integer as count from (select from found limit $4) counted`,
    [...values(asked), most],
  );
  return rows[0]!.count;
}
