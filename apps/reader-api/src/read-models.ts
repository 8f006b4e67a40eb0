import { KeyStoreError, openKeyStore } from '#keys';
import { openPool } from '#postgres';
import { NoLiveBuild, reading, type Reading, type Stores } from '#projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { problem } from './http/problems.js';
import { SETTINGS, type ReaderSettings } from './settings.js';

/** A table and a schema that are not there: nobody has prepared this database yet. */
const unprepared = /^(42P01|3F000)$/;
/** A database that cannot be reached, is full up, or is going down. */
const away = /^(ECONN|ETIMEDOUT|ENOTFOUND|08|53|57P)/;

function foreseen(error: unknown): unknown {
  if (error instanceof KeyStoreError) return problem('no-keys');
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (error instanceof NoLiveBuild || unprepared.test(code)) return problem('nothing-to-read');
  // pg gives no code to a connection that breaks off, is not made in time, or hangs.
  if (away.test(code) || /^(Connection terminated|timeout exceeded|Query read timeout)/.test(message))
    return problem('not-answering');
  return error;
}

/** The one door to the read models. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  private readonly stores: Stores;

  constructor(@Inject(SETTINGS) settings: ReaderSettings) {
    const pool = openPool(settings.DATABASE_URL, { application: 'reader-api', statementTimeout: 10_000 });
    this.stores = { pool, keys: openKeyStore(settings) };
  }

  /** Everything asked in `run` is answered from one snapshot of the live build. */
  async read<T>(run: (reading: Reading) => Promise<T>): Promise<T> {
    try {
      return await reading(this.stores, run);
    } catch (error) {
      throw foreseen(error);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.stores.pool.end(), this.stores.keys.close()]);
  }
}
