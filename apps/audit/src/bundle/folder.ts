import { mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder whole or not at all: `fill` writes beside it, and what it wrote takes the name at the end. Rejects where
 * something has that name already. What a killed process left is named like the folder and `.partial-`.
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
