import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProvisioningError } from './errors.js';
import { isOurs } from './folder.js';

// Unlike those in the temp folder, these files survive a restart of the machine.
const SHARED = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
const NAME = /^dateline-[0-9a-f]{16}$/;
const DATA_DIR = 'data-dir';

/**
 * The substitute folder for a `dataDir` that PostgreSQL's user cannot reach, with a copy of the programs in `native`. `born`: the data
 * folder is new. The substitute is then emptied, because a user who deletes a data folder wants all of its data gone.
 */
export function elsewhereFor(dataDir: string, born: boolean, programs: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const dir = join(SHARED, `dateline-${name}`);
  if (existsSync(dir) && !isOurs(dir)) {
    const todo = `${dir}, needed for PostgreSQL, belongs to another user. Move the checkout.`;
    throw new ProvisioningError('start-failed', todo);
  }
  if (born) rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  writeFileSync(join(dir, DATA_DIR), dataDir, { mode: 0o600 });
  if (!existsSync(join(dir, 'native'))) {
    cpSync(programs, join(dir, 'native.new'), { recursive: true, verbatimSymlinks: true });
    renameSync(join(dir, 'native.new'), join(dir, 'native'));
  }
  return dir;
}

/**
 * Removes substitute folders whose data folder was deleted. Keeps a substitute if its data folder's parent is missing too: a disk that is
 * not mounted is no deletion.
 */
export function removeForsaken(): void {
  for (const name of readdirSync(SHARED)) {
    const dir = join(SHARED, name);
    if (!NAME.test(name) || !isOurs(dir) || !existsSync(join(dir, DATA_DIR))) continue;
    const dataDir = readFileSync(join(dir, DATA_DIR), 'utf8');
    if (!existsSync(dataDir) && existsSync(dirname(dataDir)))
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
