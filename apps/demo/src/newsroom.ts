import { freePort, reported, type Report } from '#dev-servers';
import { ensureTopic, grantAccess } from '#event-log';
import { addressOf, makeRoles, passwordsUnder, preparingAddress } from '#postgres';
import type { RoledApp } from '#rights';
import { ensureVisibilityLog, prepareDatabase } from '#projections';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { App } from './app.js';
import type { Ground } from './ground.js';

/**
 * The database address of each app. On servers that the demo starts, each app has its own role, as in production, and the
 * database is prepared for that. On other servers all apps use the given address.
 */
export async function signedIn({
  databaseUrl,
  provisionedBy,
}: Pick<Ground, 'databaseUrl' | 'provisionedBy'>): Promise<(app: RoledApp) => string> {
  if (provisionedBy === 'external') return () => databaseUrl;
  const passwordOf = passwordsUnder(databaseUrl);
  await makeRoles(databaseUrl, passwordOf);
  const owner = await preparingAddress(databaseUrl, passwordOf);
  await prepareDatabase({ DATABASE_URL: owner, KEY_STORE: process.env.KEY_STORE || undefined });
  return app => addressOf(databaseUrl, app, passwordOf);
}

/**
 * The settings of each app’s connection to Kafka. At a broker that the demo starts, each app is its own user with the rights of the
 * table in `libs/rights`, as in production, and the topics are created for that.
 */
export async function kafkaSettings({
  kafkaBrokers,
  kafkaUsers,
  topic,
}: Pick<Ground, 'kafkaBrokers' | 'kafkaUsers' | 'topic'>): Promise<(app: RoledApp) => NodeJS.ProcessEnv> {
  if (!kafkaUsers) return () => ({ KAFKA_BROKERS: kafkaBrokers });
  const log = { brokers: kafkaBrokers.split(','), topic };
  await ensureTopic(log);
  await ensureVisibilityLog(log);
  await grantAccess(log);
  const { brokers, passwords } = kafkaUsers;
  const signIn = { KAFKA_BROKERS: brokers, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', KAFKA_SASL_MECHANISM: 'PLAIN' };
  return app => {
    const password = passwords[app];
    return password === undefined ? {} : { ...signIn, KAFKA_SASL_USERNAME: app, KAFKA_SASL_PASSWORD: password };
  };
}

const names = ['editor-api', 'reader-api', 'projector', 'fetcher'] as const;
type Name = (typeof names)[number];

/** Settings that name servers or hold secrets. The fetcher reads what strangers send, so it gets none of them. */
const ofOtherApps = /^(KAFKA_|DATABASE_URL|LOG_TOPIC|BLOB_STORE|KEY_STORE|DEV_KEY|JWT_|JWKS_|OIDC_|AWS_|STATE_DIR)/;
/** The environment of the fetcher: this process's, without the settings of other apps. */
export const fetcherEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !ofOtherApps.test(name)));

const readyLimitMs = 90_000;

/** The processes of a newsroom on one set of servers. */
export class Newsroom {
  private readonly apps: App[] = [];
  private databaseOf: (name: RoledApp) => string = () => this.ground.databaseUrl;
  private kafkaOf: (name: RoledApp) => NodeJS.ProcessEnv = () => ({});

  constructor(
    private readonly ground: Ground,
    /** The first of four consecutive ports, each replaced by a free one if it is in use; null for any free ports. */
    private readonly firstPort: number | null,
    private readonly say: Report,
  ) {}

  /** Starts the processes; resolves to their addresses when all are ready. */
  async open(signal: AbortSignal): Promise<{ editor: string; reader: string }> {
    const [databaseOf, kafkaOf, captures] = await Promise.all([
      signedIn(this.ground),
      kafkaSettings(this.ground),
      this.startFetcher(signal),
    ]);
    [this.databaseOf, this.kafkaOf] = [databaseOf, kafkaOf];
    const port = await this.portFor('reader-api');
    // The desk shows the readers' view, so it needs their address in advance.
    const there = port ? { PUBLIC_URL: process.env.PUBLIC_URL || `http://127.0.0.1:${port}` } : {};
    // The first process creates the log; the others would wait for it. The editor-api must accept the local key, which signs
    // the demo's posts.
    const state = process.env.STATE_DIR || this.ground.state;
    const auth = { AUTH: 'dev', JWKS_URL: '', ...(state && { STATE_DIR: state }) };
    const editor = await this.start('editor-api', signal, await this.portFor('editor-api'), {
      ...{ ...there, ...auth, ...captures },
    });
    const [, reader] = await Promise.all([
      this.start('projector', signal, await this.portFor('projector')),
      this.start('reader-api', signal, port),
    ]);
    return { editor, reader };
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map(app => app.stop()));
  }

  kill(): void {
    for (const app of this.apps) app.kill();
  }

  private async portFor(name: Name): Promise<number> {
    if (this.firstPort === null) return 0;
    const wished = this.firstPort + names.indexOf(name);
    const port = await freePort(wished);
    if (port !== wished) this.say(`port ${wished} is taken; ${name} listens on ${port}`);
    return port;
  }

  /** Starts the fetcher, unless the environment names another. Resolves to what the editor-api needs of it. */
  private async startFetcher(signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
    const { FETCHER_URL, FETCHER_SECRET, FETCHER_SECRET_FILE } = process.env;
    if (FETCHER_URL) return {};
    const secret = FETCHER_SECRET || FETCHER_SECRET_FILE ? {} : { FETCHER_SECRET: this.ground.fetcherSecret };
    const port = await this.portFor('fetcher');
    return {
      FETCHER_URL: await this.run('fetcher', signal, port, { ...fetcherEnvironment(process.env), ...secret }),
      ...secret,
    };
  }

  private start(
    name: Name & RoledApp,
    signal: AbortSignal,
    port: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<string> {
    const { topic, blobStore } = this.ground;
    const servers = { LOG_TOPIC: topic, DATABASE_URL: this.databaseOf(name), BLOB_STORE: blobStore };
    return this.run(name, signal, port, { ...process.env, ...this.kafkaOf(name), ...servers, ...env });
  }

  private run(name: Name, signal: AbortSignal, port: number, env: NodeJS.ProcessEnv): Promise<string> {
    const program = fileURLToPath(new URL(`../../${name}/src/main.js`, import.meta.url));
    const spec = { name, program, env, port, logFile: join(this.ground.logs, `${name}.log`) };
    signal.throwIfAborted();
    const app = new App(spec, this.say);
    this.apps.push(app);
    return reported(this.say, `starting ${name}`, readyAt(app, spec.logFile, signal));
  }
}

async function readyAt(app: App, logFile: string, signal: AbortSignal): Promise<string> {
  const url = await abortable(app.url, signal);
  let said = 'no answer';
  for (const until = performance.now() + readyLimitMs; performance.now() < until;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return url;
      said = await response.text();
    } catch (error) {
      said = (error as Error).message;
    }
    await sleep(50);
  }
  throw new Error(`${url} is not ready after ${readyLimitMs / 1000} s (${said}). See ${logFile}.`);
}

/** The promise, or the signal's reason if that comes first. */
function abortable<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
