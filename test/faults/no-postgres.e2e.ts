import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '#dev-servers';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';

let newsroom: TestNewsroom;
let line: Server | undefined;
const open = new Set<Socket>();
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 0, reader: false });
}, 120_000);
afterAll(async () => {
  open.forEach(socket => socket.destroy());
  line?.close();
  await newsroom?.close();
});

/** Forwards a local port to the newsroom's Postgres. */
async function leadToPostgres(port: number): Promise<void> {
  const { hostname, port: there } = new URL(newsroom.env.DATABASE_URL!);
  line = createServer(near => {
    const far = connect(Number(there || 5432), hostname);
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined));
    near.on('close', () => far.destroy()).pipe(far);
    far.on('close', () => near.destroy()).pipe(near);
  }).listen(port, '127.0.0.1');
  await once(line, 'listening');
}

test('an editor-api that starts without Postgres takes no command that needs a key, until Postgres is back', async () => {
  const port = await freePort();
  const own = newsroom.envOf('editor-api').DATABASE_URL!;
  await newsroom.startEditors(1, { DATABASE_URL: Object.assign(new URL(own), { host: `127.0.0.1:${port}` }).href });
  const editor = await newsroom.as(['editor']);
  const away = await editor.get('/health/ready');
  expect([away.status, away.body.code]).toEqual([503, 'not-ready']);
  expect(away.body.detail).toContain('key store');
  expect((await editor.get('/health/live')).status).toBe(200);
  // An actor's names and a story's headline are sealed.
  const registering = () => editor.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  expect((await registering()).status).toBe(503);
  const opening = () => editor.post('/stories', { id: 'count', title: 'The count', zone: 'UTC' });
  expect((await opening()).status).toBe(503);
  await leadToPostgres(port);
  for (const end = Date.now() + 60_000; (await editor.get('/health/ready')).status !== 200; await sleep(200))
    if (Date.now() > end) throw new Error('It did not become ready.');
  expect((await registering()).status).toBe(201);
  expect((await opening()).status).toBe(201);
  expect((await editor.post('/stories/count/developments', statement('So it is.'))).status).toBe(201);
}, 120_000);
