import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of a bundle: those of its manifest, and those that its list of pictures' files names. */
export async function filesOf(folder: string): Promise<string[]> {
  const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    readonly files: readonly { readonly name: string }[];
  };
  const names = files.map(({ name }) => name);
  const list = names.includes('blobs.jsonl') ? await readFile(join(folder, 'blobs.jsonl'), 'utf8') : '';
  const blobs = list
    .split('\n')
    .filter(Boolean)
    .map(line => (JSON.parse(line) as { readonly name: string }).name)
    .map(name => join('blobs', name.slice(0, 2), name));
  return ['manifest.json', 'manifest.jws', 'keys.jsonl', ...names, ...blobs];
}

/** The keys that a text of keys.jsonl gives, whatever the order and the spelling of its lines; undefined if it cannot be read, or names one twice. */
function keysIn(text: Buffer): string | undefined {
  try {
    const lines = text.toString().split('\n').filter(Boolean);
    const keys = lines.map(line => JSON.parse(line) as { readonly development: string; readonly key: string });
    const byId = new Map(keys.map(({ development, key }) => [development, key]));
    return byId.size === keys.length ? JSON.stringify([...byId].sort()) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined if there is no such file, also if there is a pipe or a device, which may never end. */
async function bytesOf(path: string): Promise<Buffer | undefined> {
  const isFile = await stat(path).then(
    stats => stats.isFile(),
    () => false,
  );
  return isFile ? readFile(path) : undefined;
}

/** How a changed bundle differs from the one that it was: in nothing that belongs to it, in the spelling of its keys, or in what it says. */
export async function differenceOf(
  before: string,
  after: string,
  files: readonly string[],
): Promise<'none' | 'spelling' | 'content'> {
  let difference: 'none' | 'spelling' = 'none';
  for (const name of files) {
    const had = await readFile(join(before, name));
    const has = await bytesOf(join(after, name));
    if (has && had.equals(has)) continue;
    if (name !== 'keys.jsonl' || !has || keysIn(has) !== keysIn(had)) return 'content';
    difference = 'spelling';
  }
  return difference;
}
