import { draftBounds, type EndedDraft } from '#contract';
import type { Author } from '#domain';
import type { Pool } from '#postgres';

/** A draft without its content. `summary` is sealed. */
export interface DraftRow {
  readonly id: string;
  readonly story: string;
  readonly version: number;
  readonly holder: Author;
  /** Who wrote the latest content. */
  readonly by: Author;
  readonly begun: Date;
  readonly changed: Date;
  readonly summary: string;
}

/** A version of a draft. `sealed` is its content. */
export interface VersionRow {
  readonly version: number;
  readonly by: Author;
  readonly began: Date;
  readonly saved: Date;
  readonly sealed: string;
}

/** What a save writes. The parts are sealed for version `replaces + 1`. */
export interface Saved {
  readonly id: string;
  readonly story: string;
  readonly replaces: number;
  readonly by: Author;
  readonly summary: string;
  readonly sealed: string;
}

const table = 'dateline_access.draft';
const versions = 'dateline_access.draft_version';

const author = (id: string, name: string) => `jsonb_strip_nulls(jsonb_build_object('id', ${id}, 'name', ${name}))`;

const fields = `id, draft.story, draft.version, ${author('holder', 'holder_name')} as holder, begun, changed, summary,
  (select ${author('author', 'author_name')} from ${versions} latest where latest.draft = draft.id order by version desc limit 1) as by`;

/** How many ended drafts whose keys still exist are looked up at a time. */
export const undestroyedTogether = 100;
/** How many open drafts of all stories are looked up at a time. */
export const sweptTogether = 100;

/** The drafts in Postgres. Each function is one statement. */
export class DraftStore {
  constructor(private readonly pool: Pool) {}

  /** A story's drafts, those that were changed last first. */
  async list(story: string): Promise<DraftRow[]> {
    const sql = `select ${fields} from ${table} where story = $1 and ended is null order by changed desc, id limit ${draftBounds.ofStory}`;
    return (await this.pool.query<DraftRow>(sql, [story])).rows;
  }

  /** Some open drafts of all stories: those whose ids follow this one. */
  async after(id: string): Promise<DraftRow[]> {
    const sql = `select ${fields} from ${table} where id > $1 and ended is null order by id limit ${sweptTogether}`;
    return (await this.pool.query<DraftRow>(sql, [id])).rows;
  }

  /** The drafts of these stories with their versions, by id. */
  async present(stories: readonly string[]): Promise<Map<string, { readonly id: string; readonly version: number }[]>> {
    const sql = `select story, id, version from ${table} where story = any($1) and ended is null order by story, id`;
    const found = new Map<string, { id: string; version: number }[]>(stories.map(story => [story, []]));
    const { rows } = await this.pool.query<{ story: string; id: string; version: number }>(sql, [stories]);
    for (const { story, id, version } of rows) found.get(story)!.push({ id, version });
    return found;
  }

  async find(id: string, story: string): Promise<DraftRow | undefined> {
    const sql = `select ${fields} from ${table} where id = $1 and story = $2 and ended is null`;
    return (await this.pool.query<DraftRow>(sql, [id, story])).rows[0];
  }

  /** How a draft of the story ended; undefined if it did not, or long ago. */
  async ended(id: string, story: string): Promise<EndedDraft | undefined> {
    const sql = `select id, ended_how as how, ${author('ended_by', 'ended_by_name')} as by, ended from ${table}
      where id = $1 and story = $2 and ended is not null`;
    const { rows } = await this.pool.query<Omit<EndedDraft, 'ended'> & { ended: Date }>(sql, [id, story]);
    return rows[0] && { ...rows[0], ended: rows[0].ended.toISOString() };
  }

  /** The latest versions of a draft, newest first. */
  async versions(id: string): Promise<VersionRow[]> {
    const sql = `select version, ${author('author', 'author_name')} as by, began, saved, sealed from ${versions}
      where draft = $1 order by version desc limit ${draftBounds.versions}`;
    return (await this.pool.query<VersionRow>(sql, [id])).rows;
  }

  /** Adds a draft. False if there is one with this id already, or the story has as many as it may. */
  async add({ id, story, by, summary, sealed }: Saved): Promise<boolean> {
    await this.pool.query(
      `delete from ${table} where story = $1 and destroyed and ended < now() - interval '${draftBounds.endedDays} days'`,
      [story],
    );
    const sql = `
      with added as (
        insert into ${table} (id, story, version, holder, holder_name, summary)
        select $1, $2, 1, $3, $4, $5
        where (select count(*) from ${table} where story = $2 and ended is null) < ${draftBounds.ofStory}
        on conflict do nothing returning id)
      insert into ${versions} (draft, version, author, author_name, sealed) select id, 1, $3, $4, $6 from added`;
    const { rowCount } = await this.pool.query(sql, [id, story, by.id, by.name ?? null, summary, sealed]);
    return rowCount === 1;
  }

  /** Replaces the content. False if another version than `replaces` is there. One person's savings within a minute are one version. */
  async save({ id, story, replaces, by, summary, sealed }: Saved): Promise<boolean> {
    const sql = `
      with changed as (
        update ${table} set version = version + 1, changed = now(), summary = $5
        where id = $1 and story = $2 and version = $3 and ended is null returning id, version),
      replaced as (
        update ${versions} old set version = changed.version, saved = now(), sealed = $6 from changed
        where old.draft = changed.id and old.author = $4 and old.began > now() - interval '${draftBounds.versionS} seconds'
          and old.version = (select max(version) from ${versions} where draft = $1)
        returning 1),
      added as (
        insert into ${versions} (draft, version, author, author_name, sealed)
        select id, version, $4, $7, $6 from changed where not exists (select from replaced) returning 1),
      removed as (
        delete from ${versions} where draft = $1 and exists (select from added) and version in (
          select version from ${versions} where draft = $1 order by version desc offset ${draftBounds.versions - 1}))
      select from changed`;
    const values = [id, story, replaces, by.id, summary, sealed, by.name ?? null];
    return (await this.pool.query(sql, values)).rowCount === 1;
  }

  /** Gives the draft to a person. False if another version is there. */
  async give(id: string, story: string, version: number, to: Author): Promise<boolean> {
    const sql = `update ${table} set holder = $4, holder_name = $5, version = version + 1, changed = now()
      where id = $1 and story = $2 and version = $3 and ended is null`;
    return (await this.pool.query(sql, [id, story, version, to.id, to.name ?? null])).rowCount === 1;
  }

  /** Ends the draft and removes its content. False if another version is there. Without a version it ends whatever is there. */
  async end(
    id: string,
    story: string,
    version: number | undefined,
    by: Author,
    how: EndedDraft['how'],
  ): Promise<boolean> {
    const sql = `
      with ended as (
        update ${table} set ended = now(), ended_by = $4, ended_by_name = $5, ended_how = $6, summary = null
        where id = $1 and story = $2 and version = coalesce($3, version) and ended is null returning id),
      removed as (delete from ${versions} using ended where draft = ended.id)
      select from ended`;
    const values = [id, story, version ?? null, by.id, by.name ?? null, how];
    return (await this.pool.query(sql, values)).rowCount === 1;
  }

  /** Notes that the keys of these drafts are destroyed. */
  async noteDestroyed(ids: readonly string[]): Promise<void> {
    await this.pool.query(`update ${table} set destroyed = true where id = any($1) and ended is not null`, [ids]);
  }

  /** Some drafts that have ended and whose keys may still exist. */
  async undestroyed(): Promise<string[]> {
    const sql = `select id from ${table} where ended is not null and not destroyed order by ended limit ${undestroyedTogether}`;
    return (await this.pool.query<{ id: string }>(sql)).rows.map(({ id }) => id);
  }
}
