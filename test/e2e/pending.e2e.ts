import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer } from '../harness/client.js';
import { KafkaLine } from '../harness/kafka-line.js';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
let line: KafkaLine;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 0 });
  line = await KafkaLine.to(newsroom.env.KAFKA_BROKERS!);
  // All commands must be sent within this time, even on a busy machine. Several share a request.
  await newsroom.startEditors(1, { SETTLE_TIMEOUT_MS: '10000', KAFKA_BROKERS: line.brokers });
});
afterAll(async () => {
  await newsroom?.close();
  await line?.close();
});

const story = (number: number) => ({ id: `story-${number}`, title: `Story ${number}`, zone: 'Europe/Berlin' });

test('a command that does not settle in time gives 202, and its status address gives the outcome', async () => {
  const editor = await newsroom.as(['editor']);
  const open = (number: number) => editor.post('/stories', story(number), { key: `open-${number}` });
  // The editor-api writes to the log, but cannot read its own record there.
  line.hold();
  const answers = await Promise.all(Array.from({ length: 300 }, (_, number) => open(number)));
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  for (const { headers, body } of answers)
    expect(body).toMatchObject({ status: 'pending', href: headers.get('Location') });
  const first = answers[0]!.body;
  expect((await editor.get(first.href)).body).toEqual(first);
  expect((await open(0)).status).toBe(202);
  line.release();

  for (const { body } of answers) {
    const settled = await eventually(
      () => editor.get(body.href),
      ({ body }) => body.status === 'won',
    );
    const again = await open(Number(body.command.slice('open-'.length)));
    expect([again.status, again.text]).toEqual([201, settled.text]);
  }
});

test('a command whose request was lost gets its outcome although its client does not send it again', async () => {
  const editor = await newsroom.as(['editor']);
  line.writes = 0;
  const { status, body } = await editor.post('/stories', story(300), { key: 'open-300' });
  expect(status).toBe(202);
  line.writes = Infinity;
  await eventually(
    () => editor.get(body.href),
    ({ body }) => body.status === 'won',
  );
});

async function eventually(ask: () => Promise<Answer>, good: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; tries < 1_000; tries++) {
    const answer = await ask();
    if (good(answer)) return answer;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('The command did not settle in time.');
}
