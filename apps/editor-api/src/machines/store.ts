import { machineBounds, type Machine, type NewMachine } from '#contract';
import type { Author } from '#domain';
import { openPool, type Pool } from '#postgres';

/** A token that may be used now. */
export interface UsableMachine {
  readonly id: string;
  readonly story: string;
  readonly acts: readonly string[];
  readonly name: string;
  readonly maker: string;
  readonly made: Date;
  readonly expires: Date;
}

interface Row extends UsableMachine {
  readonly maker_name: string | null;
  readonly revoked: Date | null;
  readonly used: Date | null;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

const shown = ({ id, name, acts, maker, maker_name, made, expires, revoked, used }: Row): Machine => ({
  ...{ id, name, acts: [...acts] },
  by: { id: maker, ...(maker_name === null ? {} : { name: maker_name }) },
  ...{ made: iso(made)!, expires: iso(expires)!, revoked: iso(revoked), used: iso(used) },
});

const table = 'dateline_access.machine';
const fields = 'id, story, acts, name, maker, maker_name, made, expires, revoked, used';

/** How long a token that has ended stays in the list, in days. */
export const endedShownDays = 30;

/** The tokens of programs in Postgres. Each function is one statement. */
export class MachineStore {
  private readonly pool: Pool;

  constructor(databaseUrl: string) {
    this.pool = openPool(databaseUrl, { application: 'machines', max: 4, statementTimeout: 5_000 });
  }

  /** The token with this hash, unless it has expired or is revoked. */
  async find(hash: Buffer): Promise<UsableMachine | undefined> {
    const sql = `select id, story, acts, name, maker, made, expires from ${table} where hash = $1 and revoked is null and expires > now()`;
    return (await this.pool.query<UsableMachine>(sql, [hash])).rows[0];
  }

  /** Notes the use of a token, once a minute. */
  async use(id: string): Promise<void> {
    const sql = `update ${table} set used = now() where id = $1 and (used is null or used < now() - interval '1 minute')`;
    await this.pool.query(sql, [id]);
  }

  async list(story: string): Promise<Machine[]> {
    const sql = `select ${fields} from ${table} where story = $1 order by made desc, id limit ${machineBounds.tokens}`;
    return (await this.pool.query<Row>(sql, [story])).rows.map(shown);
  }

  /** Adds a token; undefined if the story has as many as it may. Forgets those that ended long ago. */
  async add(
    id: string,
    hash: Buffer,
    story: string,
    by: Author,
    { name, acts, expires }: NewMachine,
  ): Promise<Machine | undefined> {
    await this.pool.query(
      `delete from ${table} where story = $1 and coalesce(revoked, expires) < now() - interval '${endedShownDays} days'`,
      [story],
    );
    const sql = `
      insert into ${table} (id, hash, story, acts, name, maker, maker_name, expires)
      select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from ${table} where story = $3) < ${machineBounds.tokens}
      returning ${fields}`;
    const values = [id, hash, story, [...new Set(acts)], name, by.id, by.name ?? null, expires];
    const { rows } = await this.pool.query<Row>(sql, values);
    return rows[0] && shown(rows[0]);
  }

  /** Revokes a token of the story; undefined if the story has none with this id. */
  async revoke(id: string, story: string): Promise<Machine | undefined> {
    const sql = `update ${table} set revoked = coalesce(revoked, now()) where id = $1 and story = $2 returning ${fields}`;
    const { rows } = await this.pool.query<Row>(sql, [id, story]);
    return rows[0] && shown(rows[0]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
