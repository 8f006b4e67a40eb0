import { generateSigningKey, signerOf } from '#bundle';
import { openKeyStore, prepareKeyStore, type KeyStore } from '#keys';
import { devToken, httpApp, readSettings, tokenSettings, TokenVerifier, type Bounds, type Role } from '#platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler } from 'express';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import request from 'supertest';
import type { LinkCaptures } from '../../apps/editor-api/src/captures/captures.js';
import { DeskProblems } from '../../apps/editor-api/src/http/problem-page.js';
import { Uploads } from '../../apps/editor-api/src/media/uploads.js';
import { Machines } from '../../apps/editor-api/src/machines/machines.js';
import { MachineStore } from '../../apps/editor-api/src/machines/store.js';
import { Signatures } from '../../apps/editor-api/src/signatures/signatures.js';
import { EditorModule } from '../../apps/editor-api/src/editor.module.js';
import type { DeskWatch } from '../../apps/editor-api/src/presence/watch.js';
import { openDeskWatch } from '../../apps/editor-api/src/presence/index.js';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { EmbargoScheduler } from '../../apps/editor-api/src/commands/embargo-scheduler.js';
import { forNewsroom } from '../harness/client.js';
import { MemoryLog } from '../../libs/event-log/src/memory/log.js';

const nowhere = 'postgres://127.0.0.1:9/none';

const unlimited: Bounds = {
  TRUSTED_PROXIES: undefined,
  REQUESTS_PER_MINUTE: 0,
  HEADERS_TIMEOUT_MS: 10_000,
  REQUEST_TIMEOUT_MS: 30_000,
  KEEP_ALIVE_MS: 5_000,
  MAX_CONNECTIONS: 1_000,
};

/** The editor-api's app on a log in memory, with its own token and one open story: `count`. */
export class DeskApp {
  readonly log = new MemoryLog();
  readonly folder = mkdtempSync(join(tmpdir(), 'desk-'));
  /** The file that lists revoked tokens. */
  readonly revoked = join(this.folder, 'revoked.json');
  readonly settings = readSettings(tokenSettings, {
    AUTH: 'dev',
    JWT_ISSUER: 'i',
    JWT_AUDIENCE: 'a',
    DEV_KEY_FILE: join(this.folder, 'key.json'),
    REVOKED_FILE: this.revoked,
  });
  private readonly machines: MachineStore;
  /** Bounds of the desk's feeds. */
  readonly feeds = { most: 5, mostEach: 3, patienceMs: 30_000 };
  /** Other limits, for tests of limits. */
  bounds: Partial<Bounds> = {};
  /** Captures linked pages. Without it the newsroom has no fetcher. */
  captures: LinkCaptures | undefined;
  app!: NestExpressApplication;
  token = '';
  url = '';
  keys!: KeyStore;
  watch!: DeskWatch;
  uploads!: Uploads;

  /** `database`: for the routes of drafts, of presence and of the tokens of programs, and those tokens. Nothing else needs one. */
  constructor(private readonly database?: string) {
    this.machines = new MachineStore(database ?? nowhere);
  }

  get keySettings() {
    return { KEY_STORE: pathToFileURL(join(this.folder, 'keys')).href, DATABASE_URL: this.database ?? nowhere };
  }

  /** `watch` sees every request. Without `signatures` the newsroom certifies no keys. */
  async open(watch?: RequestHandler, signatures?: 'accepted' | 'required'): Promise<void> {
    writeFileSync(this.revoked, '{}');
    await prepareKeyStore(this.keySettings);
    this.keys = openKeyStore(this.keySettings);
    const desk = new CommandProcessor('urn:test:log', 10_000, this.log.reader(), this.log.appender(), this.keys);
    void desk.follow();
    await desk.open();
    this.watch = openDeskWatch(this.keySettings, desk.view);
    const machines = new Machines(this.machines);
    const module = EditorModule.of(
      desk,
      new EmbargoScheduler(desk, console, 0),
      new TokenVerifier(this.settings, this.database ? [machines] : []),
      async () => {},
      'silent',
      { reader: null, pasted: true, feeds: this.feeds },
      undefined,
      undefined,
      machines,
      signatures &&
        new Signatures(
          signatures,
          await signerOf(await generateSigningKey({ dev: true })),
          'i',
          () => desk.view().source ?? desk.source,
        ),
      this.watch,
      (this.uploads = Uploads.of(
        { BLOB_STORE: pathToFileURL(join(this.folder, 'blobs')).href, DATABASE_URL: this.keySettings.DATABASE_URL },
        this.keys,
      )),
      this.captures,
    );
    this.app = await httpApp(
      module,
      { title: 't', description: 'd', tokens: true },
      { ...unlimited, ...this.bounds },
      watch,
      new DeskProblems(),
    );
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
    this.token = await devToken(this.settings, { id: 'ed', name: 'Ed', roles: ['editor'] });
    await this.post('/stories', { id: 'count', title: 'The count', zone: 'UTC' });
  }

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all([this.machines.close(), this.watch.close(), this.uploads.close()]);
    rmSync(this.folder, { recursive: true });
  }

  post = (path: string, body?: object, headers: Record<string, string> = {}) =>
    request(this.app.getHttpServer())
      .post(path)
      .set({ Authorization: `Bearer ${this.token}`, ...headers })
      .send(path === '/stories' ? (forNewsroom(body) as object) : body);

  get = (path: string) => request(this.app.getHttpServer()).get(path).set('Authorization', `Bearer ${this.token}`);

  /** A person of the newsroom, by the token's subject, roles and name. */
  async person(id: string, roles: Role[], name = id) {
    const token = await devToken(this.settings, { id, name, roles });
    const as =
      (method: 'get' | 'post') =>
      (path: string, body?: object, headers: Record<string, string> = {}) => {
        const asking = request(this.app.getHttpServer());
        return asking[method](path)
          .set({ Authorization: `Bearer ${token}`, ...headers })
          .send(body);
      };
    return { get: as('get'), post: as('post'), token };
  }
}

/** A client of the app for one person. */
export type DeskPerson = Awaited<ReturnType<DeskApp['person']>>;
