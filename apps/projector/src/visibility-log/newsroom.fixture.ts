import { openPool, type Pool } from '#postgres';
import { closeVisibilityLog, openVisibilityLog, VisibilityEntry } from '#projections';
import { runProjector, type How, type Running } from '../running.fixture.js';
import type { TestDatabase } from '../../../../test/harness/databases.js';
import { testDatabase, testLog, type TestLog } from '../servers.fixture.js';
import { Written } from '../written.fixture.js';

/** A test log on Kafka and a test database, with any number of projectors. */
export class WatchedNewsroom {
  private readonly written = new Written();

  private constructor(
    private readonly log: TestLog,
    private database: TestDatabase,
    private pool: Pool,
  ) {}

  static async open(): Promise<WatchedNewsroom> {
    const [log, database] = await Promise.all([testLog(), testDatabase()]);
    return new WatchedNewsroom(log, database, poolOf(database));
  }

  /** Appends `count` commits: the log's first one, then those of a story. */
  async post(count: number): Promise<void> {
    const first = this.written.position === 0 ? [this.written.open()] : [];
    await this.log.append([...first, ...this.written.records(count - first.length)]);
  }

  project(batchSize: number, how: How = {}): Running {
    return runProjector({ topic: this.log.topic, databaseUrl: this.database.url }, { batchSize, ...how });
  }

  /** All entries of the table. */
  async table(): Promise<(VisibilityEntry & { sent: boolean })[]> {
    return (await this.pool.query('select * from dateline.visibility order by last')).rows;
  }

  run(sql: string) {
    return this.pool.query(sql);
  }

  /** All records of the visibility log's topic, in order. */
  async kept(): Promise<VisibilityEntry[]> {
    const visibilityLog = openVisibilityLog(this.log);
    const { reader } = visibilityLog;
    const { next } = await reader.bounds();
    const entries: VisibilityEntry[] = [];
    const done = new AbortController();
    if (next > 0)
      await reader.read(
        0,
        async records => {
          entries.push(...records.map(({ value }) => VisibilityEntry.parse(JSON.parse(Buffer.from(value).toString()))));
          if (entries.length >= next) done.abort();
        },
        done.signal,
      );
    await closeVisibilityLog(visibilityLog);
    return entries;
  }

  /** Another writer appends to the visibility log's topic. */
  async spoil(text: string): Promise<void> {
    const visibilityLog = openVisibilityLog(this.log);
    await visibilityLog.appender.append({ key: 'other', headers: {}, value: Buffer.from(text) });
    await closeVisibilityLog(visibilityLog);
  }

  /** Replaces Postgres by an empty one. */
  async losePostgres(): Promise<void> {
    await this.dropDatabase();
    this.database = await testDatabase();
    this.pool = poolOf(this.database);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.dropDatabase();
  }

  private async dropDatabase(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }
}

const poolOf = ({ url }: TestDatabase) => openPool(url, { application: 'test', max: 4 });
