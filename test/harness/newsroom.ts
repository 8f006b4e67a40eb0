import { devToken, type Role } from '#platform';
import { prepareDatabase } from '#projections';
import type { RoledApp } from '#rights';
import { freePort } from '#dev-servers';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { mainOf, startApp, type App } from './app.js';
import { Client, type Answer } from './client.js';
import { emptyDatabase, newsroomDatabase, onDatabase, type TestDatabase } from './databases.js';
import { closeDatabase, signedInAs } from './roles.js';

/** A `prepare` that takes longer hangs, and is ended. */
const prepareMinutes = 20;
const local = { JWT_ISSUER: 'dateline-dev', JWT_AUDIENCE: 'dateline' };

/** A newsroom on the shared Kafka and Postgres, with its own topic, database, keys and processes. */
export class TestNewsroom {
  readonly editors: App[] = [];
  projector?: App;
  reader?: App;

  private constructor(
    readonly env: Record<string, string>,
    private readonly folder: string,
    private readonly database: TestDatabase,
  ) {}

  static async open({
    editors = 1,
    projector = true,
    reader = true,
    desk = false,
    env = {},
    prepare = async () => undefined,
    home,
  }: {
    editors?: number;
    projector?: boolean;
    reader?: boolean;
    desk?: boolean;
    /** Settings, which may depend on the address of the newsroom's database. */
    env?: Record<string, string> | ((database: string) => Record<string, string>);
    /** Fills the log and the database before any app starts. */
    prepare?: (env: Readonly<Record<string, string>>) => Promise<void>;
    /** The checkout whose `prepare` makes the topics and the tables. Default: this one. */
    home?: string | undefined;
  } = {}): Promise<TestNewsroom> {
    const folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
    const isUsual = home === undefined && typeof env !== 'function' && env.KEY_STORE === undefined;
    const database = await (isUsual ? newsroomDatabase() : emptyDatabase('newsroom'));
    const settings = {
      KAFKA_BROKERS: process.env.KAFKA_BROKERS!,
      DATABASE_URL: database.url,
      LOG_TOPIC: database.name,
      AUTH: 'dev',
      // Tests run beside others: a busy machine must not turn an answer into 202 or 503.
      SETTLE_TIMEOUT_MS: '30000',
      DEV_KEY_FILE: join(folder, 'key.json'),
      BLOB_STORE: pathToFileURL(join(folder, 'blobs')).href,
    };
    const { port, there } = await readersAddress(desk);
    const newsroom = new TestNewsroom(
      { ...settings, ...there, ...(typeof env === 'function' ? env(database.url) : env) },
      folder,
      database,
    );
    const begin = async () => {
      if (!isUsual) {
        await closeDatabase(database.url);
        await newsroom.prepareDatabase(home);
      }
      await prepare(newsroom.env);
      await newsroom.startEditors(editors);
      if (projector) await newsroom.startProjector();
      if (reader) await newsroom.startReader({ PORT: String(port) });
    };
    await begin().catch(async error => {
      await newsroom.close();
      throw error;
    });
    return newsroom;
  }

  async startEditors(count: number, env: Record<string, string> = {}, patienceMs?: number): Promise<void> {
    const start = () => startApp('editor-api', { ...this.envOf('editor-api'), ...env }, patienceMs);
    this.editors.push(...(await Promise.all(Array.from({ length: count }, start))));
  }

  async startProjector(env: Record<string, string> = {}): Promise<void> {
    this.projector = await startApp('projector', { ...this.envOf('projector'), ...env });
  }

  async startReader(env: Record<string, string> = {}): Promise<void> {
    this.reader = await startApp('reader-api', { ...this.envOf('reader-api'), ...env });
  }

  /** The settings with the database address of that app's role. */
  envOf(app: RoledApp): Record<string, string> {
    return { ...this.env, DATABASE_URL: signedInAs(app, this.env.DATABASE_URL!) };
  }

  /** Prepares the database as `prepare` does in production, before the apps: this checkout's, or that of `home`. */
  private async prepareDatabase(home?: string): Promise<void> {
    if (home !== undefined) return this.prepareBy(home);
    const { KEY_STORE } = this.env;
    await prepareDatabase({ DATABASE_URL: signedInAs('prepare', this.env.DATABASE_URL!), KEY_STORE });
  }

  /** Runs the `prepare` of a checkout. */
  async prepareBy(home: string): Promise<void> {
    const env = { ...process.env, NODE_OPTIONS: '', ...this.envOf('prepare') };
    const bounds = { timeout: prepareMinutes * 60_000, killSignal: 'SIGKILL' } as const;
    await promisify(execFile)(process.execPath, [mainOf('prepare', home)], { env, ...bounds }).catch(
      (error: Error & { readonly killed?: boolean }) => {
        if (!error.killed) throw error;
        throw new Error(`The prepare of ${home} did not end within ${prepareMinutes} minutes.`, { cause: error });
      },
    );
  }

  /** A token of a person with these roles. */
  token(roles: Role[], id = `test-${roles.join('-')}`): Promise<string> {
    return devToken({ ...local, DEV_KEY_FILE: this.env.DEV_KEY_FILE! }, { id, name: id, roles });
  }

  /** A client of the editor-api with a token of these roles. */
  async as(roles: Role[], editor = 0, id?: string): Promise<Client> {
    const token = await this.token(roles, id);
    return new Client(this.editors[editor]!.url, { Authorization: `Bearer ${token}` });
  }

  /** The address of a story's desk that signs a person with these roles in. */
  async deskOf(story: string, roles: Role[] = ['editor'], editor = 0, id?: string): Promise<string> {
    const token = await this.token(roles, id);
    return `${this.editors[editor]!.url}/desk/${story}#token=${token}`;
  }

  get readers(): Client {
    return new Client(this.reader!.url);
  }

  /** The reader-api's answer, once it is at the position or later. */
  async readAt(path: string, position: number): Promise<Answer> {
    const end = Date.now() + 30_000;
    for (;;) {
      const answer = await this.readers.get(path);
      if (answer.status === 200 && answer.body.position >= position) return answer;
      if (Date.now() > end)
        throw new Error(`${path} did not reach position ${position}: ${JSON.stringify(answer).slice(0, 500)}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** Resolves when readers see the log's position, in any story. */
  async seen(position: number): Promise<void> {
    const end = Date.now() + 30_000;
    const live = 'select position from dateline.build where live';
    const pause = () => new Promise<void>(resolve => setTimeout(resolve, 50));
    const polled = async (client: pg.Client) => {
      // A test may end the connection between two questions; the next one says so.
      client.on('error', () => undefined);
      for (; Date.now() < end; await pause()) {
        const { rows } = await client.query<{ position: number }>(live);
        if ((rows[0]?.position ?? 0) >= position) return true;
      }
      return false;
    };
    for (; Date.now() < end; await pause()) if (await this.onDatabase(polled).catch(() => false)) return;
    throw new Error(`Readers did not see position ${position}.`);
  }

  /** Deletes everything in the newsroom's database except the keys, and prepares it again. */
  async losePostgres(): Promise<void> {
    await this.onDatabase(async client => {
      const { rows } = await client.query<{ name: string }>(
        `select nspname as name from pg_namespace where nspname = 'dateline' or nspname like 'build%'`,
      );
      for (const { name } of rows) await client.query(`drop schema ${pg.escapeIdentifier(name)} cascade`);
    });
    await this.prepareDatabase();
  }

  /** The contents of every table of the database, for any build. */
  everything(): Promise<string> {
    return this.onDatabase(async client => {
      const { rows } = await client.query<{ name: string }>(
        `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
         where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
      );
      let all = '';
      for (const { name } of rows) {
        const { rows: held } = await client.query<{ text: string | null }>(
          `select string_agg(held::text, ' ') as text from ${name} held`,
        );
        all += held[0]!.text ?? '';
      }
      return all;
    });
  }

  /** Runs with one client on the newsroom's database. */
  onDatabase<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
    return onDatabase(this.env.DATABASE_URL!, run);
  }

  async close(): Promise<void> {
    const apps = [...this.editors, this.projector, this.reader].filter(app => app !== undefined);
    await Promise.all(apps.map(app => app.signal('SIGTERM')));
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }
}

/** The desk needs the readers' address before the reader-api has started. */
async function readersAddress(desk: boolean): Promise<{ port: number; there: Record<string, string> }> {
  if (!desk) return { port: 0, there: {} };
  const port = await freePort();
  return { port, there: { PUBLIC_URL: `http://127.0.0.1:${port}` } };
}
