import { digest, storyStream, type DomainEvent } from '#domain';
import {
  emptyLog,
  encode,
  ensureTopic,
  headOf,
  kafkaAppender,
  kafkaReader,
  logStream,
  arbitrate,
  type Arbitration,
  type LogAppender,
  type LogReader,
  type NewRecord,
} from '#event-log';
import { openKeyStore, prepareKeyStore, type KeyStore } from '#keys';
import { escapeIdentifier, migrate, openPool, type Pool } from '#postgres';
import { hashBuild, buildName, projections, type BuildHash, type Projection } from '#projections';
import { randomUUID } from 'node:crypto';
import { closeLedger, ensureLedger, openLedger } from '../ledger/topic.js';
import { onServer, until } from './newsroom.fixture.js';
import { Status } from './status.js';
import { supervise } from './supervise.js';

const brokers = (process.env.KAFKA_BROKERS ?? '').split(',');
const server = process.env.DATABASE_URL ?? '';

/** A supervised loop, as the process runs it. */
export interface Running {
  readonly status: Status;
  readonly warnings: string[];
  readonly reader: LogReader;
  /** What it rejected with, once it ended. */
  readonly ended: Promise<Error | undefined>;
  /** Tells it to stop, and waits until it has. */
  stop(): Promise<Error | undefined>;
}

/** A log and a database of their own, and loops that fold the one into the other. */
export class Newsroom {
  private state: Arbitration = emptyLog;
  private readonly running: (Running & { close(): Promise<void> })[] = [];

  private constructor(
    readonly topic: string,
    readonly databaseUrl: string,
    /** For looks from outside. */
    readonly pool: Pool,
    private readonly appender: LogAppender,
    readonly keys: KeyStore,
  ) {}

  static async open(): Promise<Newsroom> {
    const name = `projector_${randomUUID().replaceAll('-', '')}`;
    await onServer(`create database ${escapeIdentifier(name)}`);
    const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
    const log = { brokers, topic: name };
    await Promise.all([migrate(url), prepareKeyStore({ DATABASE_URL: url }), ensureTopic(log), ensureLedger(log)]);
    const pool = openPool(url, { application: 'test', max: 4 });
    const newsroom = new Newsroom(
      name,
      url,
      pool,
      kafkaAppender({ brokers, topic: name }),
      openKeyStore({ DATABASE_URL: url }),
    );
    await newsroom.send(newsroom.next(logStream, { type: 'LogOpened', data: { name } }));
    return newsroom;
  }

  /** The next commit, of one event, which `send` is to append. */
  next(stream: string, event: DomainEvent): NewRecord {
    const { id: parent, seq } = headOf(this.state, stream);
    const number = this.state.position;
    const told = { source: 'urn:dateline:test', recorded: new Date(number * 1_000).toISOString(), by: { id: 'ed' } };
    const asked = { command: `command-${number}`, commandHash: digest(number) };
    const record = encode({ ...told, ...asked, stream, seq: seq + 1, parent, events: [event] });
    [this.state] = arbitrate(this.state, record.headers);
    return record;
  }

  async send(record: NewRecord): Promise<void> {
    if ((await this.appender.append(record)) !== 'sent') throw new Error('The test’s record was not sent.');
  }

  /** A story is opened, closed and opened again: so many commits. */
  async tell(count: number, story = 'storm'): Promise<void> {
    const stream = storyStream(story);
    for (let i = 0; i < count; i++) {
      const { seq } = this.state.heads.get(stream) ?? { seq: 0 };
      const turn = { type: seq % 2 ? 'StoryClosed' : 'StoryReopened', data: {} } as const;
      await this.send(this.next(stream, seq ? turn : { type: 'StoryOpened', data: { title: story, zone: 'UTC' } }));
    }
  }

  /** How many commits the log holds. */
  get told(): number {
    return this.state.position;
  }

  start({ made = projections, batchSize = 10 }: { made?: readonly Projection[]; batchSize?: number } = {}): Running {
    const status = new Status();
    const warnings: string[] = [];
    const pool = openPool(this.databaseUrl, { application: 'projector', max: 4 });
    const keys = openKeyStore({ DATABASE_URL: this.databaseUrl });
    const topic = { brokers, topic: this.topic };
    const [reader, ledger] = [kafkaReader(topic), openLedger(topic)];
    const abort = new AbortController();
    const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
    const loop = {
      pool,
      keys,
      reader,
      ledger,
      projections: made,
      batchSize,
      status,
      databaseUrl: this.databaseUrl,
      log,
    };
    const ended = supervise(loop, abort.signal).then(
      () => undefined,
      (error: Error) => error,
    );
    const stop = () => (abort.abort(), ended);
    const close = async () => {
      await stop();
      await Promise.all([reader.close(), closeLedger(ledger), keys.close(), pool.end()]);
    };
    const running = { status, warnings, reader, ended, stop, close };
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

  /** The hash of the rows once all that was told is applied. */
  async settled(made: readonly Projection[] = projections): Promise<BuildHash> {
    await until(async () => (await this.checkpoint(made)).position === this.told);
    return hashBuild(this.pool, buildName(made), made);
  }

  /** Ends every connection of that application, as a server that goes down does. */
  terminate(application: string) {
    const sql =
      'select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1 and datname = $2';
    return this.pool.query(sql, [application, this.topic]);
  }

  /** Waits until so many transactions wait for a lock. */
  waiting(count: number): Promise<void> {
    const sql = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1`;
    return until(async () => (await this.pool.query(sql, [this.topic])).rowCount === count);
  }

  /** Holds up whatever is to be folded from now on, until what it gives is called. */
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
    await Promise.all([this.appender.close(), this.keys.close(), this.pool.end()]);
    await onServer(`drop database ${escapeIdentifier(this.topic)} with (force)`);
  }
}
