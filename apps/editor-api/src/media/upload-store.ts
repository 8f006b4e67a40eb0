import { openPool, type Pool } from '#postgres';

/** A part of a file that is there, with the name of its sealed file. */
export interface StoredPart {
  readonly number: number;
  readonly name: string;
}

/** An upload that has not expired. `sealed` and `answer` are sealed for its id; it has an answer once it is finished. */
export interface UploadRow {
  readonly id: string;
  readonly size: number;
  readonly sealed: string;
  readonly answer: string | null;
  readonly expires: Date;
  readonly parts: readonly StoredPart[];
}

/** What a new upload's row holds. `mark` is the keyed hash of its file. */
export interface NewRow {
  readonly id: string;
  readonly person: string;
  readonly story: string;
  readonly mark: Buffer;
  readonly size: number;
  readonly sealed: string;
}

/** The most unfinished uploads of one person or program. */
export const mostOpenUploads = 10;
/** How long an upload may take, in hours: less than the time for which a file waits for the event that names it. */
export const uploadHours = 4;
/** For how many minutes the answer to a finished upload is kept, for a client that lost it. */
export const answerMinutes = 15;
/** After how many minutes without a part an upload makes room for another of the same person. */
export const idleMinutes = 10;
/** After how many seconds another request may put the parts together, because the process that did so has died. */
export const claimSeconds = 240;
/** How many expired uploads are removed at a time. */
export const expiredTogether = 20;

/** The most connections that uploads take. */
const connections = 2;

const table = 'dateline_access.upload';
const partTable = 'dateline_access.upload_part';
const fields = `id, size, sealed, answer, expires, (
  select coalesce(jsonb_agg(jsonb_build_object('number', number, 'name', name) order by number), '[]')
  from ${partTable} where upload = ${table}.id) as parts`;

/** The uploads in Postgres. Each function is one statement. */
export class UploadStore {
  private readonly pool: Pool;

  constructor(databaseUrl: string) {
    this.pool = openPool(databaseUrl, { application: 'uploads', max: connections, statementTimeout: 5_000 });
  }

  /** The person's unfinished upload of a file in a story. */
  async open(person: string, story: string, mark: Buffer): Promise<UploadRow | undefined> {
    const sql = `select ${fields} from ${table}
      where person = $1 and story = $2 and mark = $3 and answer is null and expires > now()`;
    return (await this.pool.query<UploadRow>(sql, [person, story, mark])).rows[0];
  }

  async find(id: string, person: string, story: string): Promise<UploadRow | undefined> {
    const sql = `select ${fields} from ${table} where id = $1 and person = $2 and story = $3 and expires > now()`;
    return (await this.pool.query<UploadRow>(sql, [id, person, story])).rows[0];
  }

  /** False if the person has as many as they may, or one of the same file. */
  async add({ id, person, story, mark, size, sealed }: NewRow): Promise<boolean> {
    const sql = `
      insert into ${table} (id, person, story, mark, size, sealed, expires)
      select $1, $2, $3, $4, $5, $6, now() + interval '${uploadHours} hours'
      where (select count(*) from ${table} where person = $2 and answer is null) < ${mostOpenUploads}
      on conflict do nothing`;
    return (await this.pool.query(sql, [id, person, story, mark, size, sealed])).rowCount === 1;
  }

  /** False if the part is there already, or the upload has ended. */
  async addPart(id: string, { number, name }: StoredPart): Promise<boolean> {
    const sql = `
      with alive as (
        update ${table} set moved = now() where id = $1 and answer is null and expires > now() returning id)
      insert into ${partTable} (upload, number, name) select id, $2, $3 from alive on conflict do nothing`;
    return (await this.pool.query(sql, [id, number, name])).rowCount === 1;
  }

  /** Takes the upload for putting its parts together. False if another request does so, or did. */
  async claim(id: string): Promise<boolean> {
    const sql = `update ${table} set claimed = now() where id = $1 and answer is null and expires > now()
      and (claimed is null or claimed < now() - interval '${claimSeconds} seconds')`;
    return (await this.pool.query(sql, [id])).rowCount === 1;
  }

  async release(id: string): Promise<void> {
    await this.pool.query(`update ${table} set claimed = null where id = $1`, [id]);
  }

  /** Keeps the answer. False if there is one already. */
  async finish(id: string, answer: string): Promise<boolean> {
    const sql = `update ${table} set answer = $2, claimed = null, expires = now() + interval '${answerMinutes} minutes'
      where id = $1 and answer is null`;
    return (await this.pool.query(sql, [id, answer])).rowCount === 1;
  }

  /** Forgets the parts of a finished upload, once their files are deleted. */
  async removeParts(id: string): Promise<void> {
    await this.pool.query(`delete from ${partTable} where upload = $1`, [id]);
  }

  /** Ends an upload. One that has its answer keeps it for its time. */
  async expire(id: string): Promise<void> {
    const sql = `update ${table} set expires = least(expires, now()), claimed = null where id = $1 and answer is null`;
    await this.pool.query(sql, [id]);
  }

  /** Ends the uploads to which the person has sent nothing for a while. */
  async expireIdle(person: string): Promise<void> {
    const sql = `update ${table} set expires = least(expires, now()) where person = $1 and answer is null
      and claimed is null and moved < now() - interval '${idleMinutes} minutes'`;
    await this.pool.query(sql, [person]);
  }

  /** Some uploads that have expired, with the names of their parts: of one person, or of all. */
  async expired(person?: string): Promise<{ readonly id: string; readonly names: readonly string[] }[]> {
    const sql = `select id, array(select name from ${partTable} where upload = ${table}.id) as names from ${table}
      where expires <= now() and ($1::text is null or person = $1) order by expires limit ${expiredTogether}`;
    return (await this.pool.query<{ id: string; names: string[] }>(sql, [person ?? null])).rows;
  }

  async remove(id: string): Promise<void> {
    await this.pool.query(`delete from ${table} where id = $1 and expires <= now()`, [id]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
