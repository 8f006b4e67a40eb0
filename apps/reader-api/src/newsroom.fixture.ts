import { actorStream, storyStream, type Content, type OpaqueEvent } from '#domain';
import { encode, headOf, type LogRecord } from '#event-log';
import { openKeyStore, outlined, seal, keyIdsIn, type KeyStore } from '#keys';
import { listen } from '#platform';
import { inTransaction, openPool, type Pool } from '#postgres';
import {
  applyBatch,
  dropBuild,
  loadProgress,
  projections,
  promote,
  releaseQuarantined,
  swap,
  type Progress,
  type Projection,
} from '#projections';
import { createHash, randomUUID } from 'node:crypto';
import { newsroomDatabase } from '../../../test/harness/databases.js';
import { signedInAs } from '../../../test/harness/roles.js';
import { Watched } from '../../../test/harness/watched.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeListener } from './live/change-listener.js';
import { readerApp } from './reader.app.js';
import { readerSettings } from './settings.js';

/** The secrets that seal the tests' developments. */
export const secrets = { get: (development: string) => createHash('sha512').update(development).digest() };

/** A test database that is written to as by a projector: records are folded through the projections. */
export class TestNewsroom {
  private readonly log: LogRecord[] = [];
  private folds: readonly Projection[] = projections;
  private tail: Promise<void> = Promise.resolve();
  /** The recording time of the next posts; the present if undefined. */
  recorded: string | undefined;

  private constructor(
    readonly databaseUrl: string,
    readonly pool: Pool,
    readonly keys: KeyStore,
    private progress: Progress,
    private readonly commands: string,
  ) {}

  /** A database with all tables, and a build that nobody reads yet. */
  static async database(): Promise<{ databaseUrl: string; drop(): Promise<void> }> {
    const { url: databaseUrl, drop } = await newsroomDatabase();
    return { databaseUrl, drop };
  }

  /**
   * Makes the build of a prepared database live, with the log's first commit. Two newsrooms with the same posts at the same times and the
   * same name for their commands have the same log.
   */
  static async on(databaseUrl: string, recorded?: string, commands: string = randomUUID()): Promise<TestNewsroom> {
    const pool = openPool(databaseUrl, { application: 'test', max: 2 });
    const progress = await loadProgress(pool, projections);
    await inTransaction(pool, 'write', client => promote(client, progress.checkpoint.name));
    const newsroom = new TestNewsroom(
      databaseUrl,
      pool,
      openKeyStore({ DATABASE_URL: databaseUrl }),
      progress,
      commands,
    );
    newsroom.recorded = recorded;
    await newsroom.post('log', { type: 'LogOpened', data: { name: 'test' } });
    return newsroom;
  }

  get build(): string {
    return this.progress.checkpoint.name;
  }

  get position(): number {
    return this.progress.checkpoint.position;
  }

  /** Posts one commit; resolves to its position. */
  async post(stream: string, ...events: OpaqueEvent[]): Promise<number> {
    return (await this.postAll([{ stream, events }])).at(-1)!;
  }

  /** Posts several commits in one batch; resolves to their positions. Batches wait for one another. */
  postAll(commits: readonly { stream: string; events: readonly OpaqueEvent[] }[]): Promise<number[]> {
    const applied = this.tail.then(async () => {
      const first = this.position;
      await this.makeKeys(commits.flatMap(({ events }) => events));
      this.progress = await applyBatch(this, this.folds, this.progress, this.recordsOf(commits));
      return commits.map((_, i) => first + i + 1);
    });
    this.tail = applied.then(() => undefined);
    return applied;
  }

  /** Creates the keys, as the editor-api does before it seals. */
  private async makeKeys(events: readonly OpaqueEvent[]): Promise<void> {
    const ids = [...keyIdsIn(events)];
    await this.pool.query(
      `insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`,
      [ids, ids.map(secrets.get)],
    );
  }

  private recordsOf(commits: readonly { stream: string; events: readonly OpaqueEvent[] }[]): LogRecord[] {
    const heads = new Map<string, { id: string; seq: number }>();
    return commits.map(({ stream, events }) => {
      const { id: parent, seq } = heads.get(stream) ?? headOf(this.progress.arbitration, stream);
      const draft = {
        source: 'urn:dateline:test',
        stream,
        seq: seq + 1,
        parent,
        events: seal(stream, events, secrets),
      };
      const told = {
        recorded: this.recorded ?? new Date().toISOString(),
        by: { id: 'test-editor', name: 'Test Editor' },
      };
      const asked = { command: `${this.commands}-${this.log.length}`, commandHash: '0'.repeat(64) };
      const { id, headers, value } = encode({ ...draft, ...told, ...asked });
      heads.set(stream, { id, seq: seq + 1 });
      const record = { offset: this.log.length, headers, value };
      this.log.push(record);
      return record;
    });
  }

  /** Folds the whole log into another build and makes it live, `behind` records before the end. */
  async swapBuild({ behind, changed = false }: { behind: number; changed?: boolean }): Promise<void> {
    await this.tail;
    this.folds = this.folds.map(projection => ({ ...projection, version: projection.version + 1 }));
    const begun = await loadProgress(this.pool, this.folds);
    const reached = this.log.length - behind;
    this.progress = await applyBatch(this, this.folds, begun, this.log.slice(0, reached));
    if (changed) await swap(this.pool, this.progress.checkpoint.name, { changed });
    else await inTransaction(this.pool, 'write', client => promote(client, this.progress.checkpoint.name));
    this.progress = await loadProgress(this.pool, this.folds);
    this.progress = await applyBatch(this, this.folds, this.progress, this.log.slice(reached));
  }

  /** Starts on the existing build, as a projector does. */
  async restart(): Promise<void> {
    await this.tail;
    this.progress = await releaseQuarantined(this, this.folds, await loadProgress(this.pool, this.folds));
  }

  /** Drops the build and folds it again from the log. */
  async replay(): Promise<void> {
    await inTransaction(this.pool, 'write', client => dropBuild(client, this.progress.checkpoint.name));
    this.progress = await loadProgress(this.pool, this.folds);
    await inTransaction(this.pool, 'write', client => promote(client, this.progress.checkpoint.name));
    for (const record of this.log) this.progress = await applyBatch(this, this.folds, this.progress, [record]);
  }

  /** Posts a commit that becomes readable only when the returned function is called, as after an upgrade. */
  async postUnread(stream: string, ...events: OpaqueEvent[]): Promise<() => Promise<void>> {
    await this.makeKeys(events);
    const [record] = this.recordsOf([{ stream, events }]);
    const garbled = { ...record!, value: Buffer.from('from the future') };
    this.progress = await applyBatch(this, this.folds, this.progress, [garbled]);
    return async () => {
      const { build } = this;
      await this.pool.query(`update ${build}.quarantined set value = $2 where id = $1`, [
        record!.headers.ce_id,
        record!.value,
      ]);
      this.progress = await releaseQuarantined(this, this.folds, this.progress);
    };
  }

  openStory(story: string): Promise<number> {
    return this.post(storyStream(story), {
      type: 'StoryOpened',
      data: { title: `About ${story}`, zone: 'Europe/Oslo' },
    });
  }

  register(actor: string, name: string, ...aliases: string[]): Promise<number> {
    const profile = { name, kind: 'person' as const, aliases, affiliations: [] };
    return this.post(actorStream(actor), { type: 'ActorRegistered', data: profile });
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.keys.close()]);
  }
}

/** Resolves when it holds. Rejects after a minute. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await sleep(5))
    if (Date.now() > end) throw new Error(`Not in time: ${holds}`);
}

/** Starts the app on a free port. Closing it rejects if an answer contradicted the documentation. */
export async function listeningReader(databaseUrl: string, env: NodeJS.ProcessEnv = {}) {
  const settings = readerSettings({
    DATABASE_URL: signedInAs('reader-api', databaseUrl),
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...env,
  });
  const app = await readerApp(settings);
  const watched = new Watched();
  app.use(watched.watch);
  const url = await listen(app, settings);
  // The app is ready only when it listens for changes, which starts beside all else.
  const listener = app.get(ChangeListener);
  for (let waited = 0; !listener.stands && waited < 30_000; waited += 20) await sleep(20);
  return { app, url, close: () => watched.check(url).finally(() => app.close()) };
}

/** The content of a development: a meeting is planned. */
export const meeting = (participants: string[], more: Partial<Content> = {}): Content => ({
  kind: 'meeting-scheduled',
  headline: 'A meeting is planned',
  data: { meeting: 'talks', participants, format: 'one on one' },
  occurred: { from: '2026-03-01T09:00:00+01:00', precision: 'minute' },
  sourcing: { basis: 'official', standing: 'confirmed', group: 'the hosts' },
  modality: { mode: 'asserted' },
  ...more,
});

const about = (development: string, content: Content) => ({
  development,
  outline: outlined(content, secrets.get(development)),
});

/** The event that records a development. */
export const recorded = (development: string, content: Content): OpaqueEvent => ({
  type: 'DevelopmentRecorded',
  data: { ...about(development, content), told: { content } },
});

/** The event that corrects a development. */
export const corrected = (development: string, content: Content, wrong: string, reason: string): OpaqueEvent => ({
  type: 'DevelopmentCorrected',
  data: { ...about(development, content), told: { content, wrong, reason } },
});

/** The event that retracts a development. */
export const retracted = (development: string, reason: string): OpaqueEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: { reason } },
});

/** The events of a commit that approves a takedown. */
export const takenDown = (development: string, ...handedOn: OpaqueEvent[]): OpaqueEvent[] => {
  const proposal = '0'.repeat(64);
  return [
    { type: 'ProposalApproved', data: { development, proposal, as: 'legal' } },
    { type: 'ContentShredded', data: { development, proposal, ground: 'legal' } },
    ...handedOn,
  ];
};
