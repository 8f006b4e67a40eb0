import { openPool, type Pool } from '#postgres';
import { Visible } from '#projections';
import { runProjector, type How, type Running } from '../running.fixture.js';
import { testDatabase, testLog, type TestDatabase, type TestLog } from '../servers.fixture.js';
import { Written } from '../written.fixture.js';
import { closeLedger, openLedger } from './topic.js';

/** A log of its own on Kafka, and a database of its own, with as many projectors on them as are started. */
export class LedgerNewsroom {
  private readonly written = new Written();

  private constructor(
    private readonly log: TestLog,
    private database: TestDatabase,
    private pool: Pool,
  ) {}

  static async open(): Promise<LedgerNewsroom> {
    const [log, database] = await Promise.all([testLog(), testDatabase()]);
    return new LedgerNewsroom(log, database, poolOf(database));
  }

  /** So many commits, the log's first before those of a story. */
  async post(count: number): Promise<void> {
    const first = this.written.position === 0 ? [this.written.open()] : [];
    await this.log.append([...first, ...this.written.tell(count - first.length)]);
  }

  project(batchSize: number, how: How = {}): Running {
    return runProjector({ topic: this.log.topic, databaseUrl: this.database.url }, { batchSize, ...how });
  }

  /** Every entry of the table. */
  async table(): Promise<(Visible & { sent: boolean })[]> {
    return (await this.pool.query('select * from dateline.visibility order by last')).rows;
  }

  run(sql: string) {
    return this.pool.query(sql);
  }

  /** Every record of the ledger's topic, in its order. */
  async kept(): Promise<Visible[]> {
    const ledger = openLedger(this.log);
    const { reader } = ledger;
    const { next } = await reader.bounds();
    const entries: Visible[] = [];
    const done = new AbortController();
    if (next > 0)
      await reader.read(
        0,
        async records => {
          entries.push(...records.map(({ value }) => Visible.parse(JSON.parse(Buffer.from(value).toString()))));
          if (entries.length >= next) done.abort();
        },
        done.signal,
      );
    await closeLedger(ledger);
    return entries;
  }

  /** Somebody else writes to the ledger's topic. */
  async spoil(text: string): Promise<void> {
    const ledger = openLedger(this.log);
    await ledger.appender.append({ key: 'other', headers: {}, value: Buffer.from(text) });
    await closeLedger(ledger);
  }

  /** Postgres is lost, and another, empty one takes its place. */
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
