import { openPool, type Pool } from '#postgres';
import { NoLiveBuild, reading, type Reading } from '#projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { problem } from './http/problems.js';
import { SETTINGS, type ReaderSettings } from './settings.js';

/** SQLSTATEs of a table and of a schema that are not there: nobody has prepared this database yet. */
const unprepared: readonly unknown[] = ['42P01', '3F000'];

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
      const unmade = error instanceof NoLiveBuild || unprepared.includes((error as { code?: unknown }).code);
      throw unmade ? problem('nothing-to-read') : error;
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}
