import { describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keyStoreContract, type KeysUnderTest } from '../testing/contract.js';
import { openKeyStore, prepareKeyStore } from '../store.js';

async function folder(): Promise<KeysUnderTest & { path: string }> {
  const home = await mkdtemp(join(tmpdir(), 'dateline-keys-'));
  const path = join(home, 'keys');
  const settings = { KEY_STORE: pathToFileURL(path).href, DATABASE_URL: 'postgres://not-asked' };
  await prepareKeyStore(settings);
  const texts = async () => Promise.all((await readdir(path)).map(name => readFile(join(path, name), 'utf8')));
  return {
    path,
    open: () => openKeyStore(settings),
    // A file in the folder's place: every access fails, with an error other than "not found".
    takeAway: async () => {
      await rename(path, `${path}-away`);
      await writeFile(path, '');
    },
    everything: async () => (await texts()).join('\n'),
    close: () => rm(home, { recursive: true }),
  };
}

describe('a key store in a folder', () => {
  keyStoreContract(folder);

  test('keys are files that only their owner may read, and no temporary files remain', async () => {
    const { path, open, close } = await folder();
    await open().keyFor('x');
    await open().keyFor('x');
    await open().destroy(['y']);
    const files = await readdir(path);
    expect(files).toHaveLength(2);
    for (const file of files) expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await close();
  });

  test('a secret that a killed process left in its own file goes with its development, or a minute later', async () => {
    const { path, open, close } = await folder();
    const left = async (name: string, development: string) => {
      await writeFile(join(path, `draft-${name}`), JSON.stringify({ development, secret: 'aGVsbG8=' }));
    };
    const drafts = async () => (await readdir(path)).filter(name => name.startsWith('draft-')).sort();
    for (const [name, development] of [
      ['1', 'x'],
      ['2', 'y'],
      ['3', 'xx'],
    ] as const)
      await left(name, development);
    await open().destroy(['x']);
    expect(await drafts()).toEqual(['draft-2', 'draft-3']);
    const before = new Date(Date.now() - 61_000);
    await utimes(join(path, 'draft-2'), before, before);
    await prepareKeyStore({ KEY_STORE: pathToFileURL(path).href, DATABASE_URL: 'postgres://not-asked' });
    expect(await drafts()).toEqual(['draft-3']);
    await close();
  });

  test('a folder that other users can access is refused, with an error that names the chmod command', async () => {
    const { path, close } = await folder();
    const prepare = () =>
      prepareKeyStore({ KEY_STORE: pathToFileURL(path).href, DATABASE_URL: 'postgres://not-asked' });
    await chmod(path, 0o770);
    await prepare();
    for (const mode of [0o755, 0o704, 0o701]) {
      await chmod(path, mode);
      const exposed = { code: 'keys-exposed', message: expect.stringContaining(`chmod o= ${path}`) };
      await expect(prepare()).rejects.toMatchObject(exposed);
    }
    await close();
  });
});
