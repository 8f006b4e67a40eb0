import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ env: { SETTLE_TIMEOUT_MS: '1' } });
});
afterAll(() => newsroom?.close());

const story = (number: number) => ({ id: `story-${number}`, title: `Story ${number}`, zone: 'Europe/Berlin' });

test('what is not settled in time is answered 202, never "failed", and its status resource tells how it ended', async () => {
  const editor = await newsroom.as(['editor']);
  const open = (number: number) => editor.post('/stories', story(number), { key: `open-${number}` });
  // All at once, so that the one millisecond is over before most of them are read back.
  const answers = await Promise.all(Array.from({ length: 300 }, (_, number) => open(number)));

  const pending = answers.filter(({ status }) => status === 202);
  expect(pending.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => ![201, 202].includes(status))).toEqual([]);

  for (const { headers, body } of pending) {
    expect(body).toMatchObject({ status: 'pending', href: headers.get('Location') });
    const settled = await eventually(
      () => editor.get(body.href),
      ({ body }) => body.status === 'won',
    );
    const again = await open(Number(body.command.slice('open-'.length)));
    expect([again.status, again.text]).toEqual([201, settled.text]);
  }
  console.log(`${pending.length} of ${answers.length} answered 202`);
});

async function eventually(ask: () => Promise<Answer>, good: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('It did not settle.');
}
