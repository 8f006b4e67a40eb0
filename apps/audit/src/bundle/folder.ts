import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder completely or not at all: `fill` writes beside it, and the result is renamed at the end. Rejects if the
 * name exists already. A killed process leaves a folder with the suffix `.partial-`.
 */
export async function wholeFolder<T>(folder: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const to = resolve(folder);
  if (await stat(to).catch(() => undefined))
    throw new Error(`${folder} already exists. Name another folder with --to.`);
  await mkdir(dirname(to), { recursive: true });
  const draft = await mkdtemp(`${to}.partial-`);
  try {
    const filled = await fill(draft);
    await sync(draft);
    await rename(draft, to);
    await sync(dirname(to));
    return filled;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
