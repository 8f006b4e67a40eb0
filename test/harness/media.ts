import type { Kept } from '#domain';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestNewsroom } from './newsroom.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends a file for a story as a program of ann's does: the body is the file. */
export async function sendFile(newsroom: TestNewsroom, story: string, type: string, bytes: Uint8Array) {
  const response = await fetch(`${newsroom.editors[0]!.url}/stories/${story}/media`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await newsroom.token(['editor'], 'ann')}`, 'Content-Type': type },
    body: new Uint8Array(bytes),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects of it
  return { status: response.status, body: (await response.json()) as any };
}

/** Sends a file and returns the answer. Throws if it was refused. */
export async function keptFile(newsroom: TestNewsroom, story: string, type: string, bytes: Uint8Array) {
  const { status, body } = await sendFile(newsroom, story, type, bytes);
  if (status !== 201) throw new Error(`${type}: ${status} ${JSON.stringify(body)}`);
  return body as Readonly<Record<'picture' | 'recording' | 'captions' | 'ticket' | 'type', string>>;
}

/** The names of the files in a part of its store, in a folder. */
export async function filesIn(newsroom: TestNewsroom, area: 'sealed' | 'public'): Promise<string[]> {
  const home = join(fileURLToPath(newsroom.env.BLOB_STORE!), area);
  const all = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
  return all.flatMap(entry => (entry.isFile() ? [entry.name] : [])).sort();
}

/** Where a sealed file is on disk. */
export const sealedPath = (newsroom: TestNewsroom, name: string): string =>
  join(fileURLToPath(newsroom.env.BLOB_STORE!), 'sealed', name.slice(0, 2), name);

/** Resolves once the public part has none of these files: the projector withdraws them a moment after the row. */
export async function withdrawn(newsroom: TestNewsroom, hrefs: readonly string[]): Promise<void> {
  for (const end = Date.now() + 15_000; ; await new Promise(resolve => setTimeout(resolve, 50))) {
    const left = (await filesIn(newsroom, 'public')).filter(name => hrefs.includes(`/media/${name}`));
    if (left.length === 0) return;
    if (Date.now() > end) throw new Error(`The public part still has ${left.join()}.`);
  }
}

/** What the projector keeps of one development, or of all of them, with what opens the files. */
export const keptOf = (newsroom: TestNewsroom, development?: string): Promise<Kept[]> =>
  newsroom.onDatabase(async client => {
    const { rows: live } = await client.query<{ name: string }>('select name from dateline.build where live');
    const { rows } = await client.query<{ kept: Kept[] }>(
      `select kept from ${live[0]!.name}.picture where $1::text is null or development::text = $1`,
      [development ?? null],
    );
    return rows.flatMap(({ kept }) => kept);
  });
