import { presenceBounds, type NewPresence, type Present } from '#contract';
import type { Author } from '#domain';
import type { Pool } from '#postgres';

interface Row extends Omit<Present, 'since' | 'person'> {
  readonly story: string;
  readonly person: string;
  readonly person_name: string | null;
  readonly since: Date;
}

const table = 'dateline_access.presence';

/** The most rows that one statement removes. */
const removedTogether = 100;

/** Who is at what, in Postgres, each for a lease. Each function is one statement. */
export class PresenceStore {
  constructor(private readonly pool: Pool) {}

  /** Begins or renews the lease of one of the person's pages. `since` stays while they do the same. */
  async say(story: string, by: Author, { tab, does, target }: NewPresence): Promise<void> {
    const sql = `
      insert into ${table} as held (story, person, tab, person_name, does, target, ends)
      select $1, $2, $3, $4, $5, $6, now() + interval '${presenceBounds.lastsS} seconds'
      where (select count(*) from ${table} where story = $1 and person = $2 and tab <> $3 and ends > now()) < ${presenceBounds.tabs}
      on conflict (story, person, tab) do update set person_name = $4, does = $5, target = $6, ends = excluded.ends,
        since = case when held.does = $5 and held.target is not distinct from $6 and held.ends > now() then held.since else now() end`;
    await this.pool.query(sql, [story, by.id, tab, by.name ?? null, does, target ?? null]);
    await this.pool.query(
      `delete from ${table} where (story, person, tab) in
         (select story, person, tab from ${table} where ends < now() limit ${removedTogether})`,
    );
  }

  async leave(story: string, { id }: Author, tab: string): Promise<void> {
    await this.pool.query(`delete from ${table} where story = $1 and person = $2 and tab = $3`, [story, id, tab]);
  }

  /** Who is there now, by story. Of each story the first by id. */
  async of(stories: readonly string[]): Promise<Map<string, Present[]>> {
    const sql = `
      select story, person, person_name, tab, does, target, since from (
        select *, row_number() over (partition by story order by person, tab) as place from ${table}
        where story = any($1) and ends > now()) held
      where place <= ${presenceBounds.people} order by story, place`;
    const found = new Map<string, Present[]>(stories.map(story => [story, []]));
    for (const row of (await this.pool.query<Row>(sql, [stories])).rows) found.get(row.story)!.push(shown(row));
    return found;
  }
}

const shown = ({ person, person_name, tab, does, target, since }: Row): Present => ({
  person: { id: person, ...(person_name === null ? {} : { name: person_name }) },
  ...{ tab, does, target },
  since: since.toISOString(),
});
