import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../pages/posting.js';

let newsroom: TestNewsroom;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-state-'));
  newsroom = await TestNewsroom.open({ editors: 0, projector: false, reader: false, env: { STATE_DIR: folder } });
});
afterAll(async () => {
  await newsroom?.close();
  await rm(folder, { recursive: true });
});

/** Starts an editor-api in the place of the one before. */
async function start() {
  await newsroom.startEditors(1);
  return newsroom.as(['editor'], newsroom.editors.length - 1);
}

/** The inodes of the files in the folder: a file that was deleted and written again has another one. */
const files = async () => {
  const names = (await readdir(folder)).filter(name => !name.endsWith('-journal')).sort();
  return Promise.all(names.map(async name => [name, (await stat(join(folder, name))).ino]));
};

const post = { content: statement('mayor', 'We will rebuild') };

test('an editor-api that ends goes on from its STATE_DIR when it starts again', async () => {
  const editor = await start();
  await editor.post('/stories', { id: 'harbour', title: 'The harbour', zone: 'UTC' });
  await editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  const key = randomUUID();
  const first = await editor.post('/stories/harbour/developments', post, { key });
  expect(first.status).toBe(201);
  await newsroom.editors[0]!.signal('SIGTERM');
  const kept = await files();
  expect(kept.length).toBeGreaterThan(0);

  const again = await start();
  const repeated = await again.post('/stories/harbour/developments', post, { key });
  expect([repeated.status, repeated.body]).toEqual([201, first.body]);
  const next = await again.post('/stories/harbour/developments', post);
  expect([next.status, next.body.position]).toEqual([201, first.body.position + 1]);
  expect(await files()).toEqual(kept);
  expect(newsroom.editors[1]!.output.join('\n')).not.toContain('the log is read from its start');

  await newsroom.editors[1]!.signal('SIGKILL');
  const last = await start();
  const after = await last.post('/stories/harbour/developments', post);
  expect([after.status, after.body.position]).toEqual([201, first.body.position + 2]);
  expect(await files()).toEqual(kept);
  expect(newsroom.editors[2]!.output.join('\n')).not.toContain('the log is read from its start');
});
