// Measures a takedown in a long story: TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/takedown
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { id, story } from '../../apps/audit/src/newsroom.fixture.js';
import type { Client } from '../harness/client.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import { statement } from '../harness/statement.js';
import { folded, longStory } from './long-story.js';

const developments = Number(process.env.BENCH_COMMITS ?? 20_000);
const patience = 1_800_000;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await longStory(developments);
}, patience);
afterAll(() => newsroom?.close());

/** Milliseconds from the editor's request until readers see its effect. */
async function glass(act: () => Promise<number>): Promise<number> {
  const began = performance.now();
  const position = await act();
  await folded(newsroom, position, 10);
  return Math.round(performance.now() - began);
}

async function posted(editor: Client, of: string): Promise<number> {
  const { status, body } = await editor.post(`/stories/${of}/developments`, statement('So it is.'));
  expect(status).toBe(201);
  return body.position as number;
}

test(
  'a takedown in a long story, and what is posted in another one meanwhile',
  async () => {
    const [editor, lawyer] = [await newsroom.as(['editor']), await newsroom.as(['legal'])];
    await editor.post('/stories', { id: 'other', title: 'Another story', zone: 'UTC' });
    const path = `/stories/${story}/developments/${id(Math.floor(developments / 2))}`;
    const proposed = await editor.post(`${path}/propose-takedown`, { ground: 'legal', reason: 'It names a child.' });
    const approve = async () => {
      const answer = await lawyer.post(`/stories/${story}/proposals/${proposed.body.commit}/approve`);
      expect(answer.status).toBe(201);
      return answer.body.position as number;
    };
    const before = await glass(() => posted(editor, 'other'));
    const takedown = glass(approve);
    await sleep(100);
    const meanwhile = await glass(() => posted(editor, 'other'));
    const figures = { developments, before, takedown: await takedown, meanwhile };
    const { body } = await newsroom.readers.get(`/stories/${story}/timeline/${id(Math.floor(developments / 2))}`);
    expect(body.entry).toMatchObject({ status: 'taken-down', headline: null });
    console.log(JSON.stringify(figures));
  },
  patience,
);
