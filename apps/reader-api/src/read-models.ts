import { sharedFresh } from '#platform';
import { openPool, type Pool } from '#postgres';
import {
  changedSince,
  NoLiveBuild,
  NoPastRows,
  presentState,
  readablePosition,
  reading,
  type Reading,
} from '#projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Known, mostStories, type Look } from './answers/known.js';
import { problem } from './http/problems.js';
import { SETTINGS, type ReaderSettings } from './settings.js';

/** SQL states of a missing table or schema: `prepare` has not run on this database yet. */
const unprepared = /^(42P01|3F000)$/;
/** Codes of a database that cannot be reached, has no free connection, or is shutting down. */
const away = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ERR_S(OCKET|TREAM)|08|53|57P)/;
/** pg gives no code for a connection that broke, times out or hangs. */
const broken = /^(Connection terminated|timeout exceeded|Query read timeout|Client .* is not queryable$)/;

/** Time limit of a health check, in milliseconds. */
const healthMs = 2_000;

/** The error that readers get, as a problem if it is a known one of the database. */
export function foreseen(error: unknown): unknown {
  // A build of an earlier version, until this version's is live.
  if (error instanceof NoPastRows) return problem('catching-up');
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (error instanceof NoLiveBuild || unprepared.test(code)) return problem('nothing-to-read');
  if (away.test(code) || broken.test(message)) return problem('not-answering');
  return error;
}

function rethrown(error: unknown): never {
  throw foreseen(error);
}

/**
 * How many turns of the event loop pass before a look. A turn takes microseconds where nothing comes; under load each one reads further
 * requests, which one look then serves.
 */
const lookTurns = 3;

interface LiveBuild {
  readonly build: string;
  readonly position: number;
}

/** The only access to the read models. */
@Injectable()
export class ReadModels implements OnApplicationShutdown {
  private readonly pool: Pool;
  /** A separate connection, so that a health check never waits for readers' connections. */
  private readonly health: Pool;
  /** A separate connection, so that a kept answer never waits for those that are being read. */
  private readonly looks: Pool;
  /** What the looks have found. */
  readonly known = new Known();
  private checking: Promise<LiveBuild> | undefined;

  constructor(@Inject(SETTINGS) settings: ReaderSettings) {
    this.pool = openPool(settings.DATABASE_URL, { application: 'reader-api', statementTimeout: 10_000 });
    this.health = openPool(settings.DATABASE_URL, {
      application: 'reader-api health',
      max: 1,
      statementTimeout: healthMs,
    });
    this.looks = openPool(settings.DATABASE_URL, {
      application: 'reader-api looks',
      max: 1,
      statementTimeout: 10_000,
    });
  }

  /** Answers everything asked in `run` from one snapshot of the live build. */
  async read<T>(run: (reading: Reading) => Promise<T>): Promise<T> {
    return reading({ pool: this.pool }, run).catch(rethrown);
  }

  /**
   * The live build, and the last position at which readers saw a change. Overlapping checks share one look. Rejects as
   * `read` does.
   */
  async live(): Promise<LiveBuild> {
    this.checking ??= reading({ pool: this.health }, async ({ client, build, position }) => ({
      build,
      position: await readablePosition(client, position),
    })).finally(() => (this.checking = undefined));
    return this.checking.catch(rethrown);
  }

  /**
   * Looks at the present state, after the call began: one look serves all who wait for it. Rejects as `read` does.
   */
  readonly look: () => Promise<Look> = sharedFresh(() => this.lookNow().catch(rethrown), lookTurns);

  private async lookNow(): Promise<Look> {
    const state = await presentState(this.looks);
    const after = this.known.changesNeeded(state);
    if (after === undefined) return this.known.take(state);
    const changes = await changedSince(this.looks, state.build, after, mostStories + 1);
    return this.known.take(state, changes.length > mostStories ? null : changes);
  }

  /** Called when the data may have changed: later requests get no answer that was begun before. */
  moved(): void {
    // Takes what a takedown removed out of memory, also where nobody asks. A failure is the next request's to report.
    this.look().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pool.end(), this.health.end(), this.looks.end()]);
  }
}
