import { kafkaReader, type NewRecord } from '#event-log';
import { openKeyStore, type KeyStore } from '#keys';
import { inTransaction, openPool, type Pool } from '#postgres';
import { applyBatch, buildName, loadProgress, projections, promote } from '#projections';
import { execFile } from 'node:child_process';
import { filledDatabase, type TestDatabase } from '../../../test/harness/databases.js';
import { appendAll, brokers } from './append.fixture.js';
import { id, secrets } from './newsroom.fixture.js';
import { reportOf, type Report } from './verify/report.js';
import { verify, type VerifyOptions } from './verify/verify.js';

/** A test topic and a test database, in the state after a projector folded some of the records. */
export class Audited {
  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
    readonly keys: KeyStore,
  ) {}

  static async of(records: readonly NewRecord[], folded = records): Promise<Audited> {
    const database = await filledDatabase('audit', prepareBuild);
    const { url } = database;
    const it = new Audited(
      database,
      openPool(url, { application: 'test', max: 4 }),
      openKeyStore({ DATABASE_URL: url }),
    );
    await it.fold(folded);
    await it.copy(records);
    return it;
  }

  readonly build = buildName(projections);

  get topic(): string {
    return this.database.name;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /** Appends to this topic, or to another that is created. */
  async copy(records: readonly NewRecord[], topic = this.topic): Promise<string> {
    await appendAll(records, topic);
    return topic;
  }

  /** The contents of every table of every build, except for the keys. */
  async everything(): Promise<string> {
    const { rows } = await this.pool.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'dateline_keys')`,
    );
    const texts = rows.map(({ name }) =>
      this.pool.query(`select string_agg(held::text, ' ') as text from ${name} held`),
    );
    return (await Promise.all(texts)).map(({ rows: [row] }) => row.text ?? '').join(' ');
  }

  /** Folds more records, as a projector of these projections does, and makes its build live. */
  async fold(records: readonly NewRecord[], folds = projections): Promise<void> {
    const progress = await loadProgress(this.pool, folds);
    const { next_offset: next } = progress.checkpoint;
    await applyBatch(
      this,
      folds,
      progress,
      records.map(({ headers, value }, i) => ({ offset: next + i, headers, value })),
    );
    await inTransaction(this.pool, 'write', client => promote(client, progress.checkpoint.name));
  }

  /** Runs one statement on the live build's tables, without any guard. */
  async tamper(sql: string): Promise<number> {
    const { rowCount } = await this.pool.query(sql.replaceAll('LIVE', this.build));
    return rowCount ?? 0;
  }

  async verify(
    topic = this.topic,
    signal = new AbortController().signal,
    onProgress: VerifyOptions['onProgress'] = () => undefined,
    more: Partial<VerifyOptions> = {},
  ): Promise<Report> {
    const reader = kafkaReader({ brokers, topic });
    try {
      const stores = { pool: this.pool, keys: this.keys, databaseUrl: this.databaseUrl };
      const it = { ...stores, reader, projections, onProgress, ...more };
      return reportOf(await verify(it, signal), topic, 1, more.expecting?.certifiers);
    } finally {
      await reader.close();
    }
  }

  async builds(): Promise<string[]> {
    const { rows } = await this.pool.query<{ name: string }>(
      `select name from dateline.build union select nspname from pg_namespace where nspname like 'verify%' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, NODE_OPTIONS: '', DATABASE_URL: this.databaseUrl, LOG_TOPIC: this.topic };
  }

  /** Runs the built command line in a separate process. */
  run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { env } = this;
    return new Promise(resolve => {
      const child = execFile(process.execPath, ['dist/apps/audit/src/main.js', ...args], { env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  async drop(): Promise<void> {
    await Promise.all([this.pool.end(), this.keys.close()]);
    await this.database.drop();
  }
}

/** Creates the keys of the tests' developments, as the editor-api does, and an empty build. */
async function prepareBuild(pool: Pool): Promise<void> {
  const ids = [...Array.from({ length: 3_000 }, (_, number) => id(number)), 'ffffffff-0000-4000-8000-000000000000'];
  await pool.query(
    'insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[])',
    [ids, ids.map(secrets.get)],
  );
  await loadProgress(pool, projections);
}
