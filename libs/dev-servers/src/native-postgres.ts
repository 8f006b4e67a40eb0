import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { ProvisioningError } from './errors.js';
import { identify } from './identity.js';
import { DATABASE, passwordOf } from './server-settings.js';
import { homeForPostgres, initialise, serverUser, type PostgresHome } from './postgres-home.js';
import { endOrphan, startServer, untilReady, type ServerSpec } from './process.js';
import { postgresAnswers } from './ready.js';
import { reported } from './report.js';
import type { Place } from './ways.js';

// SIGINT is PostgreSQL's fast shutdown, which ends sessions in order; SIGTERM would wait for clients to disconnect.
export const POSTGRES_END = { pidFile: 'postgres.pid', signal: 'SIGINT' } as const;
const START_LIMIT_MS = 60_000;

/** Starts PostgreSQL 18 as a child process, on loopback, with a password that stays in the data folder. */
export async function startPostgres(
  place: Place,
  port?: number,
): Promise<{ databaseUrl: string; stop(): Promise<void> }> {
  await endOrphan(join(place.dir, POSTGRES_END.pidFile), POSTGRES_END.signal);
  const user = serverUser();
  const home = homeForPostgres(place, user);
  const password = passwordOf(place.dir);

  const start = async () => {
    await initialise(home, password, user);
    removeStaleLock(home);
    const running = await startOn(port ?? (await freePort()), place, home, password, user);
    return {
      databaseUrl: running.databaseUrl,
      stop: async () => {
        await running.stop();
        if (!place.keep) rmSync(home.dir, { recursive: true, force: true });
      },
    };
  };
  return reported(place.report, 'starting PostgreSQL', start());
}

async function startOn(port: number, place: Place, home: PostgresHome, password: string, user: ServerSpec['user']) {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const spec: ServerSpec = {
    name: 'PostgreSQL',
    command: home.binary('postgres'),
    args: ['-D', home.data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    env: { LC_ALL: 'C' },
    ...(user && { user }),
    outputFile: join(place.dir, 'postgres.log'),
    pidFile: join(place.dir, POSTGRES_END.pidFile),
    endSignal: POSTGRES_END.signal,
  };
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const server = await retried(async () => {
    const one = startServer(spec);
    await untilReady(spec, one, START_LIMIT_MS, () => postgresAnswers(url('postgres')));
    return one;
  });
  const { rowCount } = await postgresAnswers(
    url('postgres'),
    `select 1 from pg_database where datname = '${DATABASE}'`,
  );
  if (rowCount === 0) await postgresAnswers(url('postgres'), `create database ${DATABASE}`);
  return { databaseUrl: url(DATABASE), stop: () => server.stop() };
}

// After a kill -9 the dead server's sessions may hold its shared memory for a moment, and its pid is taken until its parent reaps it.
const passing = ['still in use', 'postmaster.pid" already exists'];

async function retried<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      const inUse = error instanceof ProvisioningError && passing.some(text => error.message.includes(text));
      if (!inUse || attempt === 20) throw error;
      await sleep(500);
    }
  }
}

/**
 * PostgreSQL replaces its lock file automatically unless the pid in it belongs to a living process. The server that wrote it is gone
 * (an orphan has just been stopped), so a living process with that pid that is not PostgreSQL is unrelated.
 */
function removeStaleLock(home: PostgresHome): void {
  const lock = join(home.data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (identify(pid) && !home.isServer(pid)) rmSync(lock);
}
