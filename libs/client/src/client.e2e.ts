import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../../test/harness/client.js';
import { TestNewsroom } from '../../../test/harness/newsroom.js';

let newsroom: TestNewsroom;
let editor: Client;
let line: Awaited<ReturnType<typeof shakyLine>>;
let app: ChildProcess;
let shown = '';

const content = (headline: string) => ({
  kind: 'context',
  headline,
  data: { topic: 'The count', summary: headline },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'confirmed' },
  modality: { mode: 'asserted' },
});
const post = async (path: string, body: object) => {
  const answer = await editor.post(path, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
};
const record = (headline: string) => post('/stories/count/developments', { content: content(headline) });

/** A proxy to the reader-api that can be cut. */
async function shakyLine(to: URL) {
  const open = new Set<Socket>();
  const server = createServer(near => {
    const far = connect(Number(to.port), to.hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => (open.delete(socket), near.destroy(), far.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => open.forEach(socket => socket.destroy());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, cut, close: () => (cut(), server.close()) };
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !what(); await sleep(20))
    if (Date.now() > end) throw new Error(`Not in time: ${what}\n${shown}`);
}
const printed = () => shown.split('\n').filter(line => /^[+~-] /.test(line));

beforeAll(async () => {
  newsroom = await TestNewsroom.open();
  editor = await newsroom.as(['editor']);
  await newsroom.readAt(
    '/stories',
    (await post('/stories', { id: 'count', title: 'The count', zone: 'UTC' })).position,
  );
  line = await shakyLine(new URL(newsroom.reader!.url));
  app = spawn(process.execPath, ['dist/libs/client/examples/follow.js', 'count', line.url], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  for (const stream of [app.stdout!, app.stderr!]) stream.on('data', chunk => (shown += chunk));
});
afterAll(async () => {
  app?.kill();
  line?.close();
  await newsroom?.close();
});

test('the README’s example shows every change of a story once, in order, although its connection breaks', async () => {
  await until(() => shown.includes('(connected)'));
  const expected: string[] = [];
  for (let n = 1; n <= 12; n++) {
    if (n % 3 === 0) line.cut();
    await record(`Count ${n}`);
    expected.push(`+ Count ${n}`);
    if (n % 4 === 0) await until(() => printed().length === expected.length);
  }
  await until(() => printed().length >= expected.length);
  const { development } = await record('Count 14');
  await post(`/stories/count/developments/${development}/correct`, {
    content: content('Count 13'),
    wrong: 'The number.',
    reason: 'Miscounted.',
  });
  line.cut();
  await post(`/stories/count/developments/${development}/retract`, { reason: 'Nobody counted.' });
  await until(() => shown.includes('- Retracted'));
  await sleep(500);
  // A client that was offline during the retraction never gets the retracted text.
  expect(printed().slice(0, 12)).toEqual(expected);
  expect(printed().at(-1)).toMatch(/^- Retracted: Count 1[34]$/);
  expect(printed()).toHaveLength(15);
});
