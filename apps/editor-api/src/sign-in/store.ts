import { openPool, type Pool } from '#postgres';

/** A session's row. */
export interface SessionRow {
  readonly sealed: string;
  /** How long ago the issuer last confirmed the person, and how long the session may last, in milliseconds by Postgres' clock. */
  readonly age: number;
  readonly left: number;
}

/** Hashes of how the issuer names a session: its person, and its own session if it told us. */
export interface NamedBy {
  readonly subject: Buffer | null;
  readonly issuerSession: Buffer | null;
}

const fields = `sealed, (extract(epoch from now() - checked) * 1000)::integer as age,
  (extract(epoch from ends - now()) * 1000)::integer as left`;

/** How many expired rows one new session removes at most. */
const removedTogether = 100;

/** The sessions in Postgres. Each function is one statement. */
export class SessionStore {
  private readonly pool: Pool;

  constructor(databaseUrl: string) {
    this.pool = openPool(databaseUrl, { application: 'sessions', max: 4, statementTimeout: 5_000 });
  }

  async add(id: Buffer, sealed: string, lastsS: number, { subject, issuerSession }: NamedBy): Promise<void> {
    await this.pool.query(
      `insert into dateline_access.session (id, sealed, ends, subject, issuer_session)
       values ($1, $2, now() + $3 * interval '1 second', $4, $5)`,
      [id, sealed, lastsS, subject, issuerSession],
    );
    await this.pool.query(
      `delete from dateline_access.session
       where id in (select id from dateline_access.session where ends < now() limit ${removedTogether})`,
    );
  }

  /** The row of a session that has not ended; undefined if there is none. */
  async find(id: Buffer): Promise<SessionRow | undefined> {
    const sql = `select ${fields} from dateline_access.session where id = $1 and ends > now()`;
    return (await this.pool.query<SessionRow>(sql, [id])).rows[0];
  }

  /** Takes the turn to ask the issuer, if the last answer is older than `olderMs` and nobody else has the turn. */
  async take(id: Buffer, olderMs: number, turnMs: number): Promise<SessionRow | undefined> {
    const sql = `
      update dateline_access.session set asking = now() + $3 * interval '1 millisecond'
      where id = $1 and ends > now() and checked <= now() - $2 * interval '1 millisecond' and (asking is null or asking < now())
      returning ${fields}`;
    return (await this.pool.query<SessionRow>(sql, [id, olderMs, turnMs])).rows[0];
  }

  /** Keeps the issuer's answer and ends the turn. False if the session has ended meanwhile. */
  async confirm(id: Buffer, sealed: string): Promise<boolean> {
    const sql = 'update dateline_access.session set sealed = $2, checked = now(), asking = null where id = $1';
    return (await this.pool.query(sql, [id, sealed])).rowCount === 1;
  }

  /** Keeps a new refresh token, in the turn. */
  async replace(id: Buffer, sealed: string): Promise<void> {
    await this.pool.query('update dateline_access.session set sealed = $2 where id = $1', [id, sealed]);
  }

  /** Ends the turn without an answer. */
  async leave(id: Buffer): Promise<void> {
    await this.pool.query('update dateline_access.session set asking = null where id = $1', [id]);
  }

  async remove(id: Buffer): Promise<string | undefined> {
    const sql = 'delete from dateline_access.session where id = $1 returning sealed';
    return (await this.pool.query<{ sealed: string }>(sql, [id])).rows[0]?.sealed;
  }

  /** Removes the sessions that the issuer names, by all that it names; returns how many. */
  async removeNamed({ subject, issuerSession }: NamedBy): Promise<number> {
    const sql = `
      delete from dateline_access.session
      where coalesce($1::bytea, $2) is not null
        and ($1::bytea is null or subject = $1) and ($2::bytea is null or issuer_session = $2)`;
    return (await this.pool.query(sql, [subject, issuerSession])).rowCount ?? 0;
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
