import { openPool, type Pool } from '#postgres';
import { NoLiveBuild, reading, type Reading } from '#projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { problem } from './http/problems.js';
import { SETTINGS, type ReaderSettings } from './settings.js';

/** SQLSTATE of a table that is not there: nobody has prepared this database yet. */
const undefinedTable = '42P01';

/** The one door to the read models. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(@Inject(SETTINGS) settings: ReaderSettings) {
    this.pool = openPool(settings.DATABASE_URL, { application: 'reader-api', statementTimeout: 10_000 });
  }

  /** Everything asked in `run` is answered from one snapshot of the live build. */
  async read<T>(run: (reading: Reading) => Promise<T>): Promise<T> {
    try {
      return await reading(this.pool, run);
    } catch (error) {
      const unmade = error instanceof NoLiveBuild || (error as { code?: string }).code === undefinedTable;
      throw unmade ? problem('nothing-to-read') : error;
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
