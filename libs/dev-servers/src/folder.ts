import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ProvisioningError } from './errors.js';
import { livingFrom, writeIdentity } from './identity.js';
import { WAYS, type WayName } from './ways.js';

/** A data folder, reserved for this process until release(). */
export interface Folder {
  readonly dir: string;
  readonly keptBy: WayName | undefined;
  markKept(by: WayName): void;
  /** Ends the reservation; deletes a temporary folder. */
  release(): void;
}

const THROW_AWAY = 'dateline-throwaway-';

/** Reserves the folder of kept data; throws while another living process holds it. */
export function claimKept(dataDir: string): Folder {
  const dir = resolve(dataDir);
  mkdirSync(dir, { recursive: true });
  const owner = join(dir, 'owner.json');
  const other = livingFrom(owner);
  if (other) throw new ProvisioningError('in-use', `${dir} is used by process ${other.pid}.`);
  writeIdentity(owner, process.pid);
  const mark = join(dir, 'provisioned.json');
  return {
    dir,
    keptBy: WAYS.find(way => existsSync(mark) && JSON.parse(readFileSync(mark, 'utf8')).by === way),
    markKept: by => by !== 'external' && writeFileSync(mark, JSON.stringify({ by })),
    release: () => rmSync(owner, { force: true }),
  };
}

/** Creates a temporary folder. */
export function claimThrowAway(): Folder {
  const dir = mkdtempSync(join(tmpdir(), THROW_AWAY));
  writeIdentity(join(dir, 'owner.json'), process.pid);
  return {
    dir,
    keptBy: undefined,
    markKept: () => {},
    release: () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Our temporary folders whose process died without removing them. */
export function abandoned(): string[] {
  return readdirSync(tmpdir())
    .filter(name => name.startsWith(THROW_AWAY))
    .map(name => join(tmpdir(), name))
    .filter(dir => isOurs(dir) && existsSync(join(dir, 'owner.json')) && !livingFrom(join(dir, 'owner.json')));
}

/** Whether this is a real folder of our own user: in a shared temp folder any user may create names. */
export function isOurs(dir: string): boolean {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid);
}
