import { storyStream, type DomainEvent } from '#domain';
import {
  emptyLog,
  arbitrate,
  encode,
  ensureTopic,
  headOf,
  kafkaAppender,
  kafkaReader,
  type LogAppender,
} from '#event-log';
import { openKeyStore, prepareKeyStore } from '#keys';
import { escapeIdentifier, migrate, openPool, type Pool } from '#postgres';
import { projections, Visible } from '#projections';
import { randomUUID } from 'node:crypto';
import { Status } from '../loop/status.js';
import { onServer } from '../loop/newsroom.fixture.js';
import { supervise } from '../loop/supervise.js';
import { ensureLedger, openLedger } from './topic.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
const server = process.env.DATABASE_URL!;

/** A log of its own on Kafka, and a database of its own, with as many projectors on them as are started. */
export class LedgerNewsroom {
  readonly topic = `ledger-${randomUUID()}`;
  private database = '';
  private databaseUrl = '';
  private pool!: Pool;
  private state = emptyLog;
  private readonly appender = kafkaAppender({ brokers, topic: this.topic });

  static async open(): Promise<LedgerNewsroom> {
    const newsroom = new LedgerNewsroom();
    await ensureTopic({ brokers, topic: newsroom.topic });
    await newsroom.createDatabase();
    return newsroom;
  }

  /** Commits of one story, one after the other; the log's first before them where there is none. */
  async post(count: number): Promise<number> {
    const opened: DomainEvent = { type: 'StoryOpened', data: { title: 'The storm', zone: 'UTC' } };
    const turn = (position: number): DomainEvent =>
      position % 2 ? { type: 'StoryReopened', data: {} } : { type: 'StoryClosed', data: {} };
    for (let i = 0; i < count; i++) {
      const { position } = this.state;
      if (position === 0) await this.append('log', { type: 'LogOpened', data: { name: 'test' } });
      else await this.append(storyStream('storm'), position === 1 ? opened : turn(position));
    }
    return this.state.position;
  }

  private async append(stream: string, event: DomainEvent): Promise<void> {
    const { id: parent, seq } = headOf(this.state, stream);
    const told = { recorded: new Date().toISOString(), by: { id: 'ed' }, events: [event] };
    const asked = { command: randomUUID(), commandHash: '0'.repeat(64) };
    const record = encode({ source: 'urn:dateline:test', stream, seq: seq + 1, parent, ...told, ...asked });
    if ((await this.appender.append(record)) !== 'sent') throw new Error('Kafka did not take the record.');
    [this.state] = arbitrate(this.state, record.headers);
  }

  /** A projector with that batch size; `send` stands in the way of what it sends to the ledger's topic. */
  async project(batchSize: number, send: (appender: LogAppender) => LogAppender = appender => appender) {
    const log = { brokers, topic: this.topic };
    await ensureLedger(log);
    const { appender, reader: ledgerReader } = openLedger(log);
    const [reader, status, stopping] = [kafkaReader(log), new Status(), new AbortController()];
    const ledger = { appender: send(appender), reader: ledgerReader };
    const { pool, databaseUrl } = this;
    const keys = openKeyStore({ DATABASE_URL: databaseUrl });
    const quiet = { info: () => undefined, warn: () => undefined };
    const it = { pool, keys, reader, ledger, projections, batchSize, status, databaseUrl, log: quiet };
    const running = supervise(it, stopping.signal);
    const stop = async () => {
      stopping.abort();
      await running;
      await Promise.all([reader.close(), ledgerReader.close(), appender.close(), keys.close()]);
    };
    return { status, stop };
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
    const { reader, appender } = openLedger({ brokers, topic: this.topic });
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
    await Promise.all([reader.close(), appender.close()]);
    return entries;
  }

  /** Somebody else writes to the ledger's topic. */
  async spoil(text: string): Promise<void> {
    const { appender, reader } = openLedger({ brokers, topic: this.topic });
    await appender.append({ key: 'other', headers: {}, value: Buffer.from(text) });
    await Promise.all([appender.close(), reader.close()]);
  }

  /** Postgres is lost, and another, empty one takes its place. */
  async losePostgres(): Promise<void> {
    await this.dropDatabase();
    await this.createDatabase();
  }

  async close(): Promise<void> {
    await this.appender.close();
    await this.dropDatabase();
  }

  private async createDatabase(): Promise<void> {
    this.database = `ledger_${randomUUID().replaceAll('-', '')}`;
    await onServer(`create database ${escapeIdentifier(this.database)}`);
    this.databaseUrl = Object.assign(new URL(server), { pathname: `/${this.database}` }).href;
    await migrate(this.databaseUrl);
    await prepareKeyStore({ DATABASE_URL: this.databaseUrl });
    this.pool = openPool(this.databaseUrl, { application: 'test', max: 4 });
  }

  private async dropDatabase(): Promise<void> {
    await this.pool.end();
    await onServer(`drop database ${escapeIdentifier(this.database)} with (force)`);
  }
}
