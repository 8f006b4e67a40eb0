import { escapeIdentifier } from '#postgres';
import { prepareDatabase, projections } from '#projections';
import pg from 'pg';
import { preparedDatabase, type TestDatabase } from '../../harness/databases.js';
import { closeDatabase, signedInAs } from '../../harness/roles.js';
import type { Live } from './checks.js';
import { wordsIn } from './history.js';
import type { Observer } from './processes.js';

/** What `dateline.build` says of a build. */
interface BuildRow {
  readonly name: string;
  readonly isLive: boolean;
  /** Whether readers have used it. */
  readonly isLeft: boolean;
  readonly kept: boolean;
}

const readable = projections.flatMap(({ readers = [] }) => readers);
const textOf = (name: string) => `select string_agg(to_jsonb(it)::text, ' ') as text from ${name} it`;

/** A walk’s database. Its own connections look at it from outside of the walk, and take no turns. */
export class WalkDatabase implements Observer {
  private constructor(
    private readonly database: TestDatabase,
    private readonly owner: pg.Client,
    /** Has the rights of the reader-api, where the server has roles. */
    private readonly reader: pg.Client,
  ) {}

  static async open(): Promise<WalkDatabase> {
    const database = await preparedDatabase('walk', async url => {
      await closeDatabase(url);
      await prepareDatabase({ DATABASE_URL: signedInAs('prepare', url) });
    });
    await closeDatabase(database.url);
    const clients = [database.url, signedInAs('reader-api', database.url)].map(url => new pg.Client(url));
    for (const client of clients) {
      client.on('error', () => undefined);
      await client.connect();
      await client.query(
        `select set_config('dateline.at', '1000000', false), set_config('dateline.begun', '1e15', false)`,
      );
    }
    return new WalkDatabase(database, clients[0]!, clients[1]!);
  }

  /** The address for projectors and for an operator’s commands. */
  get url(): string {
    return signedInAs('projector', this.database.url);
  }

  async waiting(sessions: readonly number[]): Promise<ReadonlySet<number>> {
    const sql = 'select pid from unnest($1::integer[]) pid where cardinality(pg_blocking_pids(pid)) > 0';
    return new Set((await this.#all<{ pid: number }>(sql, [sessions])).map(({ pid }) => pid));
  }

  async end(sessions: readonly number[]): Promise<void> {
    const sql = 'select pg_terminate_backend(pid, 10000) from pg_stat_activity where pid = any($1)';
    if (sessions.length > 0) await this.#all(sql, [sessions]);
  }

  /** The live builds, as a reader finds them: one, or none yet. */
  async live(): Promise<Live[]> {
    const { rows } = await this.reader.query<Live>(
      `select name, made, to_regnamespace(quote_ident(name))::oid::integer as schema, position, next_offset::integer as offset,
         xmin::text as version,
         (select coalesce(sum(times), 0)::integer from dateline.refolded where stream = '*') as told
       from dateline.build where live`,
    );
    return rows;
  }

  builds(): Promise<BuildRow[]> {
    return this.#all<BuildRow>(
      `select name, live as "isLive", promoted_at is not null as "isLeft", kept from dateline.build order by promoted_at, name`,
    );
  }

  /** The versions whose lock a projector holds. The lock’s name begins so. */
  async locked(lock: string): Promise<string[]> {
    const rows = await this.#all<{ made: string }>(
      `select distinct made from dateline.build where exists (
         select from pg_locks join pg_stat_activity using (pid)
         where locktype = 'advisory' and granted and starts_with(application_name, 'lock ' || $1)
           and datname = current_database()
           and ((classid::bigint << 32) | objid::bigint) = hashtextextended($1 || made, 0))`,
      [lock],
    );
    return rows.map(({ made }) => made);
  }

  /** The schemas of builds. */
  async schemas(): Promise<string[]> {
    const sql = `select nspname as name from pg_namespace where nspname ~ '^(build|verify)_'`;
    return (await this.#all<{ name: string }>(sql)).map(({ name }) => name);
  }

  async unsent(): Promise<number> {
    return (await this.#all('select from dateline.visibility where not sent')).length;
  }

  /** The words in a build that readers may read, as it is now. */
  async shown(build: string): Promise<ReadonlySet<string>> {
    const names = [build, `${build}_at`, `${build}_by`].flatMap(schema =>
      readable.map(table => `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`),
    );
    const sql = 'select name from unnest($1::text[]) name where to_regclass(name) is not null';
    const { rows: there } = await this.reader.query<{ name: string }>(sql, [names]);
    const tables = there.map(({ name }) => textOf(name)).join(' union all ');
    const { rows } = await this.reader.query<{ text: string | null }>(tables);
    return wordsIn(rows.map(({ text }) => text ?? '').join(' '));
  }

  /** The words in all tables of these schemas, of now and of the past. */
  async stored(schemas: readonly string[]): Promise<ReadonlySet<string>> {
    const there = await this.#all<{ name: string }>(
      `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where relkind = 'r' and nspname = any($1)`,
      [schemas],
    );
    const rows = await this.#all<{ text: string | null }>(there.map(({ name }) => textOf(name)).join(' union all '));
    return wordsIn(rows.map(({ text }) => text ?? '').join(' '));
  }

  async close(): Promise<void> {
    await Promise.all([this.owner.end(), this.reader.end()]);
    await this.database.drop();
  }

  async #all<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(sql, [...values])).rows;
  }
}
