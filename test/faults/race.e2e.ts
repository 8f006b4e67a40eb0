import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer, Client } from '../harness/client.js';
import { readLog } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';

const commands = 1_000;
const inFlight = 24;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 2 });
});
afterAll(() => newsroom?.close());

const note = (number: number) => ({
  content: {
    kind: 'context',
    data: { topic: 'The count', summary: `Note ${number}` },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
});

/** Sends all commands, a few at a time, to the two processes in turn. */
async function race(editors: Client[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const one = async () => {
    for (let number = next++; number < commands; number = next++)
      answers[number] = await editors[number % 2]!.post('/stories/count/developments', note(number), {
        key: `note-${number}`,
      });
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return answers;
}

test('of 1,000 commands to two processes, exactly the acknowledged ones are recorded, each once', async () => {
  const editors = await Promise.all([newsroom.as(['editor'], 0), newsroom.as(['editor'], 1)]);
  await editors[0]!.post('/stories', { id: 'count', title: 'The count', zone: 'Europe/Berlin' });
  const answers = await race(editors);

  const tally = Object.groupBy(answers, ({ status }) => String(status));
  const acknowledged = tally['201'] ?? [];
  const refused = tally['409'] ?? [];
  expect(Object.keys(tally).filter(status => !['201', '409'].includes(status))).toEqual([]);
  expect(acknowledged.length + refused.length).toBe(commands);

  const { winners, voids } = await readLog(newsroom.env);
  const recorded = winners.flatMap(winner => {
    if ('unreadable' in winner) throw new Error(winner.unreadable);
    return winner.commit.events.flatMap(({ type, data }) => (type === 'DevelopmentRecorded' ? [data.development] : []));
  });
  const given = acknowledged.map(({ body }) => body.development as string);
  expect(recorded.toSorted()).toEqual(given.toSorted());
  expect(new Set(recorded).size).toBe(recorded.length);
  // Without void records there was no race, and the test would prove nothing.
  expect(voids).toBeGreaterThan(0);
  expect(refused.every(({ body }) => body.code === 'head-moved' && body.meanwhile.length > 0)).toBe(true);

  const last = Math.max(...acknowledged.map(({ body }) => body.position as number));
  await newsroom.readAt('/stories/count', last);
  const shown = await allPages('/stories/count/timeline?limit=200');
  expect(shown.toSorted()).toEqual(given.toSorted());

  console.log(`${acknowledged.length} of ${commands} acknowledged, ${refused.length} got 409, ${voids} void records`);
});

test('a command sent to two processes at once takes effect once, and both give the same answer', async () => {
  const editors = await Promise.all([newsroom.as(['editor'], 0), newsroom.as(['editor'], 1)]);
  for (let round = 0; round < 50; round++) {
    const key = `twice-${round}`;
    const [a, b] = await Promise.all(
      editors.map(editor => editor.post('/stories/count/developments', note(round), { key })),
    );
    expect([a!.status, b!.status]).toEqual([201, 201]);
    expect(a!.text).toBe(b!.text);
  }
});

async function allPages(first: string): Promise<string[]> {
  const ids: string[] = [];
  for (let path: string | null = first; path;) {
    const { body }: Answer = await newsroom.readers.get(path);
    ids.push(...body.entries.map((entry: { id: string }) => entry.id));
    path = body.next;
  }
  return ids;
}
