import type { Client, Pool } from '#postgres';
import type { Random } from './random.js';
import { current, ownerNow, world, type Owner } from './scheduler.js';
import { statementOf, type Build, type Rows, type Session, type Tables } from './statements.js';

const trip = { least: 0.05, most: 1 };

type Query = string | { readonly text: string; readonly values?: readonly unknown[] };

/**
 * A stand-in for Postgres, for the simulator alone: it knows the statements of the projector's engine and no others. A transaction sees its
 * own copies of the tables that it writes. Who updates the checkpoint holds a lock on it until the end of the transaction.
 */
export class Database {
  tables: Tables = new Map();
  build: Build;
  /** What listeners were told, in order. */
  readonly news: number[] = [];
  /** Called after each commit. */
  onCommit: () => void = () => undefined;
  #lock: Promise<void> = Promise.resolve();
  #connections: { readonly owner: Owner; readonly connection: Connection }[] = [];

  constructor(
    readonly random: Random,
    /** How often a connection is lost, for each statement. */
    public faults: number,
    name: string,
  ) {
    this.build = {
      name,
      log: null,
      position: 0,
      next_offset: 0,
      last_record: null,
      live: true,
      made: name,
      promoted_at: null,
      kept: false,
      folded: null,
      shredded: null,
    };
  }

  pool(): Pool {
    const connect = async () => {
      const connection = new Connection(this);
      this.#connections.push({ owner: ownerNow(), connection });
      return connection;
    };
    return { connect } as unknown as Pool;
  }

  /** Ends the transactions of a process that has crashed. What it had sent may have run before. */
  hangUp(owner: Owner): void {
    for (const each of this.#connections) if (each.owner === owner) each.connection.lose();
    this.#connections = this.#connections.filter(each => each.owner !== owner);
  }

  /** Resolves when nobody else holds the checkpoint, to the function that releases it. */
  async lock(): Promise<() => void> {
    const before = this.#lock;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lock = promise;
    await before;
    return resolve;
  }
}

/** The error of a statement in a transaction in which an earlier one failed. */
const notRun = Object.assign(new Error('current transaction is aborted'), { code: '25P02' });

class Connection {
  private session: (Session & { failed?: boolean; unlock?: () => void }) | undefined;
  private isLost = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  on(): void {}
  off(): void {}

  release(): void {
    // As when the process ends: the server ends the transaction.
    if (this.session) this.end(false);
  }

  /** The server runs statements in the order in which they were sent, whether or not the client still lives. */
  query: Client['query'] = ((query: Query, given: readonly unknown[] = []) => {
    const [text, values] = typeof query === 'string' ? [query, given] : [query.text, query.values ?? given];
    const { promise, resolve, reject } = Promise.withResolvers<Rows>();
    const scheduler = current();
    const { random } = this.database;
    const ran = this.last.then(async () => {
      await scheduler.sleep(random.between(trip.least, trip.most), world);
      if (random.chance(this.database.faults)) this.lose();
      return this.run(text, values);
    });
    this.last = ran.catch(() => undefined);
    // The answer goes to the process that asked: a crashed one never gets it.
    const to = ownerNow();
    ran.then(
      rows => {
        const isUnheard = random.chance(this.database.faults);
        if (isUnheard) this.lose();
        void scheduler.after(0, () => (isUnheard ? reject(lost()) : resolve(rows)), to);
      },
      error => void scheduler.after(0, () => reject(error as Error), to),
    );
    promise.catch(() => undefined);
    return promise;
  }) as unknown as Client['query'];

  lose(): void {
    this.isLost = true;
    if (this.session) this.end(false);
  }

  private async run(text: string, values: readonly unknown[]): Promise<Rows> {
    if (this.isLost) throw lost();
    const ends = text === 'commit' || text === 'rollback';
    if (text.startsWith('begin')) this.session = { path: '', build: undefined, tables: new Map(), news: [] };
    else if (ends && this.session) this.end(text === 'commit' && !this.session.failed);
    else if (!ends) return this.runStatement(text, values);
    return { rows: [], rowCount: 0 };
  }

  private async runStatement(text: string, values: readonly unknown[]): Promise<Rows> {
    const { session } = this;
    if (session?.failed) throw notRun;
    try {
      const statement = statementOf(text);
      if (session && statement.locks && !session.unlock) await this.takeLock(session);
      return statement.run(this.database, session, values);
    } catch (error) {
      if (session) session.failed = true;
      throw error;
    }
  }

  private async takeLock(session: NonNullable<typeof this.session>): Promise<void> {
    const unlock = await this.database.lock();
    // The connection may have been lost while it waited.
    if (this.session === session) session.unlock = unlock;
    else {
      unlock();
      throw lost();
    }
  }

  private end(commits: boolean): void {
    const { session, database } = this;
    this.session = undefined;
    if (!session) return;
    if (commits) {
      for (const [name, rows] of session.tables) database.tables.set(name, rows);
      if (session.build) database.build = session.build;
      database.news.push(...session.news);
      if (session.tables.size > 0 || session.build) database.onCommit();
    }
    session.unlock?.();
  }
}

const lost = () => new Error('Connection terminated unexpectedly');
