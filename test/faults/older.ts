import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from './row.js';

const frozen = join('test', 'frozen');
/** Each older version is built once, in a folder with the name of its commit. */
const versions = join('.dateline', 'versions');

const git = (...given: string[]) => execFileSync('git', given, { encoding: 'utf8', stdio: 'pipe' }).trim();
const isThere = (commit: string) => {
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
    return true;
  } catch {
    return false;
  }
};

/** Whether a version's tables are other ones than this version's. */
const hasOtherTables = (commit: string) =>
  git('diff', '--name-only', commit, '--', 'libs/projections/src/folds') !== '';

/**
 * The commits whose logs are kept under test/frozen, newest first; those with the same tables as this version come last. Throws if the history of this
 * checkout lacks one.
 */
export function frozenVersions(): string[] {
  const names = readdirSync(frozen, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? entry.name : []));
  const missing = names.filter(name => !isThere(name));
  if (missing.length > 0)
    throw new Error(
      `Not possible here: older versions are built from the history of this checkout, which lacks ${missing.join(', ')}. ` +
        'Run `git fetch --unshallow`, or clone it whole.',
    );
  const sorted = git('log', '--no-walk=sorted', '--format=%h', '--abbrev=7', ...names).split('\n');
  return sorted.sort((one, other) => Number(hasOtherTables(other)) - Number(hasOtherTables(one)));
}

/** Builds a commit of this repository, unless it was built. Resolves to its folder. */
export async function builtVersion(commit: string, { line, signal }: Report): Promise<string> {
  const home = resolve(versions, commit);
  if (!existsSync(home)) {
    mkdirSync(versions, { recursive: true });
    const fresh = mkdtempSync(join(versions, 'new-'));
    execFileSync('tar', ['-x', '-C', fresh], {
      input: execFileSync('git', ['archive', commit], { maxBuffer: 2 ** 30 }),
    });
    renameSync(fresh, home);
  }
  line(`preparing version ${commit}, which takes minutes the first time`);
  // Each version installs and builds itself before any of its commands. What npm says of this checkout must not reach the other one.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$)/i.test(name));
  const env = { ...Object.fromEntries(own), npm_config_prefer_offline: 'true' };
  const child = spawn('npm', ['run', 'audit', '--', '--help'], {
    cwd: home,
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (said = (said + data).slice(-2_000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Version ${commit} could not be built in ${home}:\n${said}`);
  return home;
}
