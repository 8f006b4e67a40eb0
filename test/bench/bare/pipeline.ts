import kafkajs from 'kafkajs';
import { startProgram, type App } from '../../harness/app.js';
import { emptyDatabase, onDatabase, type TestDatabase } from '../../harness/databases.js';

/**
 * The floor: the least work for a post that live readers get. kafkajs appends a record. A second process consumes it, and inserts a row
 * into Postgres and notifies in one statement. A third process gets the notification and writes the id to every stream of Server-Sent
 * Events. The pipeline decides nothing, encrypts nothing and keeps no order within streams.
 */
export class BarePipeline {
  private constructor(
    readonly env: Readonly<Record<string, string>>,
    /** Accepts posts of JSON and appends each one at once. */
    readonly endpoint: App,
    /** The same, but posts that arrive while a batch is in flight go into the next batch. */
    readonly together: App,
    readonly projector: App,
    /** Serves the stream. */
    readonly streams: App,
    private readonly database: TestDatabase,
  ) {}

  static async open(): Promise<BarePipeline> {
    const { KAFKA_BROKERS = '' } = process.env;
    const database = await emptyDatabase('bare');
    const { name, url } = database;
    await onDatabase(url, client => client.query('create table bare (id text primary key, value text not null)'));
    const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.NOTHING });
    const topics = kafka.admin();
    await topics.connect();
    await topics.createTopics({ topics: [{ topic: name, numPartitions: 1 }], waitForLeaders: true });
    await topics.disconnect();
    const env = { KAFKA_BROKERS, DATABASE_URL: url, BARE_TOPIC: name, KAFKAJS_NO_PARTITIONER_WARNING: '1' };
    const start = (part: string, more: Record<string, string> = {}) =>
      startProgram(part, `dist/test/bench/bare/${part}.js`, { ...env, ...more });
    const [endpoint, together, projector, streams] = await Promise.all([
      start('endpoint'),
      start('endpoint', { TOGETHER: 'yes' }),
      start('projector'),
      start('streams'),
    ]);
    return new BarePipeline(env, endpoint, together, projector, streams, database);
  }

  /** The number of rows inserted so far. */
  rows(): Promise<number> {
    return onDatabase(this.env.DATABASE_URL!, async client => {
      const { rows } = await client.query<{ rows: number }>('select count(*)::integer as rows from bare');
      return rows[0]!.rows;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.endpoint, this.together, this.projector, this.streams].map(part => part.signal('SIGTERM')));
    await this.database.drop();
  }
}
