import { sha256 } from '#domain';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asked, checkAdopted, KeyStoreError, slices, type Key, type KeyStore } from '../port.js';
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
  await asked(removeAbandoned(folder));
}

const draftPrefix = 'draft-';
const draftsIn = async (folder: string) =>
  (await readdir(folder)).filter(name => name.startsWith(draftPrefix)).map(name => join(folder, name));

/** How old a file gets before its writer is taken for killed: a write takes milliseconds. */
const abandonedMs = 60_000;

/** Removes files that a killed process was writing. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const draft of await draftsIn(folder)) {
    const written = await stat(draft).catch(notThere);
    if (written && Date.now() - written.mtimeMs > abandonedMs) await rm(draft, { force: true });
  }
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
    const draft = join(folder, `${draftPrefix}${randomUUID()}`);
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

  /** Removes the secrets of these developments that a killed process left behind. */
  async function removeDrafts(developments: readonly string[]): Promise<void> {
    const heads = developments.map(development => JSON.stringify({ development, secret: '' }).slice(0, -'"}'.length));
    for (const draft of await draftsIn(folder)) {
      const text = (await readFile(draft, 'utf8').catch(notThere)) ?? '';
      if (!heads.some(head => text.startsWith(head))) continue;
      await rm(draft, { force: true });
      await sync(folder);
    }
  }

  // If the file is there, another process was faster: one that made a key, or one that destroyed it and removed our draft.
  const ifNew = (draft: string, file: string) =>
    link(draft, file).catch(async error => {
      if (!(await stat(file).catch(notThere))) throw error;
    });

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
      const found = new Map<string, Key>();
      for (const ids of slices(developments))
        for (const [id, key] of await asked(Promise.all(ids.map(async id => [id, await read(id)] as const))))
          if (key) found.set(id, key);
      return found;
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
      const all = [...developments];
      for (const development of all) await asked(destroy(development));
      if (all.length > 0) await asked(removeDrafts(all));
    },
    close: async () => undefined,
  };
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
