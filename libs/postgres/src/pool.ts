import pg from 'pg';
import { streamOf } from './connection.js';

/** A connection, in a transaction if a function says so. */
export type Client = pg.ClientBase;
/** A pool of connections, see `openPool`. */
export type Pool = pg.Pool;

const int8 = 20;
// As numbers: offsets and counts stay far below 2^53.
const types = {
  getTypeParser: (id: number, format?: 'text') => (id === int8 ? Number : pg.types.getTypeParser(id, format)),
};

const deadLineMs = 2_000;
/** Connections that stay open while nobody uses them: else the first post after ten quiet seconds waits for new ones and new plans. */
const leastOpen = 2;

interface PoolOptions {
  /** The name of this process in the server's views. */
  readonly application: string;
  readonly max?: number;
  /** Milliseconds after which a statement is cancelled; 0 means never. Default: 30,000. */
  readonly statementTimeout?: number;
}

/** The configuration of a connection. */
export const connectionOf = (
  connectionString: string,
  { application, statementTimeout = 30_000 }: PoolOptions,
): pg.ClientConfig => ({
  connectionString,
  application_name: application,
  statement_timeout: statementTimeout,
  // The server's own time-out fires first, unless the connection is dead.
  query_timeout: statementTimeout && statementTimeout + deadLineMs,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  types: types as pg.CustomTypesConfig,
  // Statements that do not wait for each other's results leave together, and take one round trip.
  ...{ pipeline: true },
});

/** Opens a pool. Idle connections that are lost get replaced; a query on a lost connection rejects. */
export function openPool(databaseUrl: string, options: PoolOptions): Pool {
  const pool = new pg.Pool({ ...connectionOf(databaseUrl, options), max: options.max ?? 10, min: leastOpen });
  pool.on('error', () => undefined);
  // The pool listens to idle connections alone, and a function that takes one does so a moment later. Without a listener the event ends the process.
  pool.on('connect', client => client.on('error', () => undefined));
  pool.on('connect', sendTogether);
  return pool;
}

/** Sends the statements that one turn of the event loop begins with one call of the system, and not each with its own. */
function sendTogether(client: pg.ClientBase): void {
  const stream = streamOf(client);
  const query = client.query.bind(client) as (...statement: unknown[]) => unknown;
  const together = (...statement: unknown[]) => {
    stream.cork();
    process.nextTick(() => stream.uncork());
    return query(...statement);
  };
  Object.assign(client, { query: together });
}

const begin = {
  write: 'begin',
  // One snapshot for all reads.
  read: 'begin isolation level repeatable read read only',
  // One snapshot too, in a transaction that writes.
  copy: 'begin isolation level repeatable read',
} as const;

/** Runs `run` in a transaction: commits, or rolls back and rejects with its error. */
export async function inTransaction<T>(
  pool: Pool,
  mode: keyof typeof begin,
  run: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool handles the loss of idle connections only; without a listener the event would end the process.
  const lost = (error: Error) => (broken = error);
  client.on('error', lost);
  const release = () => {
    client.release(broken);
    client.off('error', lost);
  };
  try {
    const begun = client.query(begin[mode]);
    begun.catch(() => undefined);
    // Statements that write are sent only after the transaction has begun. Statements that read may be sent before: their results are used
    // only if it has begun.
    if (mode !== 'read') await begun;
    const result = await run(client);
    await begun;
    const committed = client.query('commit');
    // Nothing depends on the end of a transaction that only read.
    if (mode === 'read') void committed.catch(lost).finally(release);
    else {
      await committed;
      release();
    }
    return result;
  } catch (error) {
    await client.query('rollback').catch(lost);
    release();
    throw error;
  }
}

/**
 * Runs `run` in a transaction that writes, in few round trips: `begin` leaves together with the first statements of `run`, and `commit`
 * together with its last ones, which `run` returns, sent and not awaited. The first ones must change nothing if `begin` has failed, and
 * `run` must have awaited them before it sends any that would.
 */
export async function inShortTransaction(
  pool: Pool,
  run: (client: Client) => Promise<readonly Promise<unknown>[]>,
): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const lost = (error: Error) => (broken = error);
  client.on('error', lost);
  const begun = client.query(begin.write);
  begun.catch(() => undefined);
  try {
    const last = await run(client);
    // The server turns a commit behind a statement that failed into a rollback.
    await allOf(begun, ...last, client.query('commit'));
  } catch (error) {
    await client.query('rollback').catch(lost);
    // Without a transaction what followed failed too, with errors that say less.
    await begun;
    throw error;
  } finally {
    client.release(broken);
    client.off('error', lost);
  }
}

/** The code of a statement that was not run because an earlier one of the transaction had failed. */
const notRun = '25P02';

/**
 * Waits for statements of one transaction that were sent together. Unlike `Promise.all` it waits for every one, even if one fails, because
 * nothing may use the connection after the transaction. Rejects with the error of the statement that failed, not of later ones, which
 * Postgres refuses because of it.
 */
export async function allOf<T extends readonly Promise<unknown>[]>(
  ...statements: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(statements);
  const failures = settled.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) throw failures.find(error => (error as { code?: string }).code !== notRun) ?? failures[0];
  return settled.map(outcome => (outcome as PromiseFulfilledResult<unknown>).value) as never;
}
