// Measures one step of the time machine: TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/history
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { TestNewsroom } from '../harness/newsroom.js';
import { longStory } from './long-story.js';

const developments = Number(process.env.BENCH_COMMITS ?? 2_000);
const patience = 600_000;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await longStory(developments);
}, patience);
afterAll(() => newsroom?.close());

test(
  'a step of the time machine in a long story',
  async () => {
    const { body } = await newsroom.readers.get('/stories');
    const story = body.stories[0].id as string;
    for (const clock of ['known', 'happened'])
      for (const step of [1, developments / 2, developments]) {
        const took: number[] = [];
        let bytes: number[] = [];
        for (let times = 0; times < 3; times++) {
          const began = performance.now();
          const { status, text } = await newsroom.readers.get(`/s/${story}/history?clock=${clock}&step=${step}`);
          took.push(Math.round(performance.now() - began));
          bytes = [text.length, gzipSync(text).length];
          expect(status).toBe(200);
        }
        console.log(`${clock}, step ${step}: ${took.join(', ')} ms, ${bytes[0]} bytes, ${bytes[1]} compressed`);
      }
  },
  patience,
);
