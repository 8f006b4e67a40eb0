import type { DomainEvent } from '#domain';
import type { NewRecord } from '#event-log';
import { openKeyStore, type KeyStore } from '#keys';
import { openPool, type Pool } from '#postgres';
import { buildName, hashBuild, projections, type BuildHash, type Projection } from '#projections';
import { runProjector, type How, type Running } from '../running.fixture.js';
import type { TestDatabase } from '../../../../test/harness/databases.js';
import { testDatabase, testLog, until, type TestLog } from '../servers.fixture.js';
import { Written } from '../written.fixture.js';

/** A test log and a test database, and loops that fold the one into the other. */
export class Newsroom {
  private readonly written = new Written();
  private readonly running: Running[] = [];

  private constructor(
    private readonly log: TestLog,
    readonly database: TestDatabase,
    /** A connection for the test's assertions. */
    readonly pool: Pool,
    readonly keys: KeyStore,
  ) {}

  static async open(): Promise<Newsroom> {
    const [log, database] = await Promise.all([testLog(), testDatabase()]);
    const { url } = database;
    const pool = openPool(url, { application: 'test', max: 4 });
    const newsroom = new Newsroom(log, database, pool, openKeyStore({ DATABASE_URL: url }));
    await newsroom.send(newsroom.written.open());
    return newsroom;
  }

  /** Encodes the next commit, of one event; `send` appends it. */
  next(stream: string, event: DomainEvent): NewRecord {
    return this.written.next(stream, event);
  }

  send(record: NewRecord): Promise<void> {
    return this.log.append([record]);
  }

  /** Appends `count` commits of a story. */
  post(count: number, story?: string): Promise<void> {
    return this.log.append(this.written.records(count, story));
  }

  get topic(): string {
    return this.log.topic;
  }

  /** How many commits the log holds. */
  get told(): number {
    return this.written.position;
  }

  start(how: How = {}): Running {
    const running = runProjector({ topic: this.topic, databaseUrl: this.database.url }, how);
    this.running.push(running);
    return running;
  }

  /** Stops every loop. */
  async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map(running => running.close()));
  }

  async checkpoint(made: readonly Projection[] = projections): Promise<{ position: number; next_offset: number }> {
    const { rows } = await this.pool.query('select * from dateline.build where name = $1', [buildName(made)]);
    return rows[0] ?? { position: 0, next_offset: 0 };
  }

  /** Resolves to the hash of the rows after every commit is applied. */
  async settled(made: readonly Projection[] = projections): Promise<BuildHash> {
    await until(async () => (await this.checkpoint(made)).position === this.told);
    return hashBuild(this.pool, buildName(made), made);
  }

  /** Ends every connection of this application, as a server that goes down does. */
  terminate(application: string) {
    const sql =
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1 and datname = $2';
    return this.pool.query(sql, [application, this.database.name]);
  }

  /** Waits until `count` transactions wait for a lock. */
  waiting(count: number): Promise<void> {
    const sql = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1`;
    return until(async () => (await this.pool.query(sql, [this.database.name])).rowCount === count);
  }

  /** Blocks all folds from now on, until the returned function is called. */
  async holdUp(sql = `lock table ${buildName(projections)}.story in access exclusive mode`) {
    const client = await this.pool.connect();
    await client.query('begin');
    await client.query(sql);
    return async () => {
      await client.query('rollback');
      client.release();
    };
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.log.close(), this.keys.close(), this.pool.end()]);
    await this.database.drop();
  }
}
