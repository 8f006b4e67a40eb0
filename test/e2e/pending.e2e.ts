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
  const answers: Answer[] = [];
  for (let number = 0; number < 30; number++)
    answers.push(await editor.post('/stories', story(number), { key: `open-${number}` }));

  const pending = answers.filter(({ status }) => status === 202);
  expect(pending.length).toBeGreaterThan(0);
  expect(new Set(answers.map(({ status }) => status))).toEqual(
    new Set([202, 201].filter(s => answers.some(a => a.status === s))),
  );

  for (const { headers, body } of pending) {
    expect(body).toMatchObject({ status: 'pending', href: headers.get('Location') });
    const settled = await eventually(
      () => editor.get(body.href),
      ({ body }) => body.status === 'won',
    );
    const again = await editor.post('/stories', story(Number(body.command.slice('open-'.length))), {
      key: body.command,
    });
    expect([again.status, again.text]).toEqual([201, settled.text]);
  }
});

async function eventually(ask: () => Promise<Answer>, good: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('It did not settle.');
}
