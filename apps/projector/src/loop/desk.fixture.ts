import { openPool, type Pool } from '#postgres';
import { buildName, hashBuild, projections, type BuildHash } from '#projections';
import { runProjector, type Running } from '../running.fixture.js';
import type { TestDatabase } from '../../../../test/harness/databases.js';
import { testDatabase, type TestLog } from '../servers.fixture.js';

/** A test database, and projectors that fold a log into it. */
export class TestDesk {
  readonly build = buildName(projections);
  private readonly running: Running[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly pool: Pool,
  ) {}

  static async open(): Promise<TestDesk> {
    const database = await testDatabase();
    return new TestDesk(database, openPool(database.url, { application: 'test', max: 2 }));
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  project({ topic }: TestLog): Running {
    const running = runProjector({ topic, databaseUrl: this.databaseUrl }, { batchSize: 2 });
    this.running.push(running);
    return running;
  }

  async checkpoint(): Promise<{ position: number; next_offset: number }> {
    const { rows } = await this.pool.query('select position, next_offset from dateline.build');
    return rows[0] ?? { position: 0, next_offset: 0 };
  }

  hash(): Promise<BuildHash> {
    return hashBuild(this.pool, this.build, projections);
  }

  async drop(): Promise<void> {
    await Promise.all(this.running.map(running => running.close()));
    await this.pool.end();
    await this.database.drop();
  }
}
