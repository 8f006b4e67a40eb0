import { sha256 } from '#domain';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asked, checkAdopted, KeyStoreError, type Key, type KeyStore } from '../port.js';
import { newSecret } from '../sealing.js';

type Kept = { readonly development: string } & ({ readonly secret: string } | { readonly destroyed: string });

const notThere = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
};

/**
 * Rights of all other users of the machine. A group may share the folder, as on a shared volume; the files in it are their owner's
 * only.
 */
const ofOthers = 0o007;

/** Creates the folder if it is missing, readable by its owner only. Rejects with `keys-exposed` if every user may read it. */
export async function prepareFolderOfKeys(folder: string): Promise<void> {
  await asked(mkdir(folder, { recursive: true, mode: 0o700 }));
  const { mode } = await asked(stat(folder));
  // Windows has no such rights.
  if (process.platform !== 'win32' && mode & ofOthers) throw new KeyStoreError('keys-exposed', `chmod o= ${folder}`);
}

/** Stores keys as files, for a disk or volume outside the database's backups. Processes share the folder. */
export function folderOfKeys(folder: string): KeyStore {
  // Hashed, because an id comes from the log, whose writers choose its characters.
  const fileOf = (development: string) => join(folder, `${sha256(development)}.json`);

  async function read(development: string): Promise<Key | undefined> {
    const text = await readFile(fileOf(development), 'utf8').catch(notThere);
    if (text === undefined) return undefined;
    const kept = JSON.parse(text) as Kept;
    return 'secret' in kept ? { secret: Buffer.from(kept.secret, 'base64') } : { destroyed: kept.destroyed };
  }

  /** Writes the file completely or not at all, moved into place by `place`; durable once it resolves. */
  async function write(kept: Kept, place: (draft: string, file: string) => Promise<void>): Promise<void> {
    const draft = join(folder, `draft-${randomUUID()}`);
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(kept));
      await handle.sync();
      await place(draft, fileOf(kept.development));
    } finally {
      await handle.close();
      await rm(draft, { force: true });
    }
    await sync(folder);
  }

  async function destroy(development: string): Promise<void> {
    const key = await read(development);
    if (key && 'destroyed' in key) return;
    await write({ development, destroyed: new Date().toISOString() }, rename);
  }

  const ifNew = (draft: string, file: string) => link(draft, file).catch(unless('EEXIST'));

  async function noteLost(development: string): Promise<void> {
    if (!(await read(development))) await write({ development, destroyed: new Date().toISOString() }, ifNew);
  }

  async function keyFor(development: string, made: Uint8Array = newSecret()): Promise<Key> {
    const secret = Buffer.from(made).toString('base64');
    if (!(await read(development))) await write({ development, secret }, ifNew);
    return (await read(development))!;
  }

  return {
    keysOf: async developments => {
      const found = await asked(Promise.all([...developments].map(async id => [id, await read(id)] as const)));
      return new Map(found.filter((entry): entry is [string, Key] => entry[1] !== undefined));
    },
    keyFor: (development, offered) => asked(keyFor(development, offered)),
    adopt: async secrets => {
      const keys = new Map<string, Key>();
      for (const [development, secret] of secrets) keys.set(development, await asked(keyFor(development, secret)));
      checkAdopted(keys, secrets);
    },
    noteLost: async developments => {
      for (const development of developments) await asked(noteLost(development));
    },
    destroy: async developments => {
      for (const development of developments) await asked(destroy(development));
    },
    close: async () => undefined,
  };
}

const unless = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== code) throw error;
};

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
