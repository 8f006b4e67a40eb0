import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from './sender.js';
import type { Winner } from './simulator/arbiter.js';
import { Random } from './simulator/random.js';
import { Writers } from './writers.js';

type Answer = readonly [status: number, body: object];
interface Asked {
  readonly key: string;
  /** Whether the outcome is asked for, and nothing is posted. */
  readonly isLookUp: boolean;
  /** How many keys were posted before this one. */
  readonly number: number;
  /** How many requests had this key, with this one. */
  readonly tries: number;
}
/** What an editor-api with one story has recorded. */
class Recorded {
  readonly log: Winner[] = [{ offset: 0, position: 1, id: 'genesis', stream: 'story:s', seq: 1, command: 'open' }];

  answer(key: string): Answer {
    let at = this.log.find(({ command }) => command === key);
    if (!at) {
      const { length } = this.log;
      at = {
        offset: length,
        position: length + 1,
        id: `id-${length}`,
        stream: 'story:s',
        seq: length + 1,
        command: key,
      };
      this.log.push(at);
    }
    return [201, { status: 'won', command: key, commit: at.id, position: at.position }];
  }

  lookUp = (key: string): Answer =>
    this.log.some(({ command }) => command === key) ? [200, this.answer(key)[1]] : [404, {}];

  conflict = (meanwhile: string[] = ['another']): Answer => [
    409,
    { head: this.log.at(-1)!.id, meanwhile: meanwhile.map(command => ({ command })) },
  ];
}
type Desk = (recorded: Recorded, asked: Asked) => Answer;

const keeps: Desk = (recorded, { key, isLookUp }) => (isLookUp ? recorded.lookUp(key) : recorded.answer(key));
const pending: Answer = [202, { status: 'pending' }];
const isPending: Answer = [200, { status: 'pending' }];

/** What writers report of this desk, after 20 posts or at the first answer 202 that they look up. */
async function wrongWith(desk: Desk, untilLookUp = false) {
  const recorded = new Recorded();
  const keys: string[] = [];
  const tries = new Map<string, number>();
  const server = createServer((request, response) => {
    const isLookUp = request.method === 'GET';
    const key = isLookUp ? request.url!.split('/').at(-1)! : (request.headers['idempotency-key'] as string);
    if (!keys.includes(key)) keys.push(key);
    tries.set(key, (tries.get(key) ?? 0) + 1);
    const asked = { key, isLookUp, number: keys.indexOf(key), tries: tries.get(key)! };
    const [status, body] = desk(recorded, asked);
    response.writeHead(status).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = new Sender(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'Bearer x');
  const writers = new Writers(sender, new Random(1), async () => 's', { patient: 1, pendingMs: 1_000 });
  const over = new AbortController();
  const writing = writers.write(over.signal);
  const lookedUp = () => writers.figures['looked up after a 202']! > 0;
  while (untilLookUp ? !lookedUp() : keys.length < 20) await sleep(5);
  over.abort();
  await writing;
  const unsettled = await writers.settle(10_000);
  server.close();
  const wrong = [...sender.wrong, ...writers.wrong, ...writers.wrongIn(recorded.log)];
  const nameless = (said: string) => said.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'KEY');
  return { unsettled, wrong: wrong.map(nameless), figures: writers.figures };
}

test('right answers are right, also where others post first, records are late, and a process forgets them', async () => {
  /** The first answers to some posts. Undefined: the right one. */
  const answers: Readonly<Record<number, (recorded: Recorded) => readonly (Answer | undefined)[]>> = {
    5: recorded => [recorded.conflict()],
    // The first answer was lost.
    7: recorded => [[503, {}], recorded.conflict()],
    9: () => [pending, isPending, [503, {}]],
    // The process does not know it.
    11: () => [pending, undefined],
  };
  const busy: Desk = (recorded, asked) => {
    // Its record arrives late.
    if (asked.number === 9 && asked.tries === 4) recorded.answer(asked.key);
    return answers[asked.number]?.(recorded)[asked.tries - 1] ?? keeps(recorded, asked);
  };
  expect(await wrongWith(busy)).toEqual({
    unsettled: undefined,
    wrong: [],
    figures: { 'given up after a 409': 1, 'looked up after a 202': 2 },
  });
});

test('a post that is refused and recorded is found', async () => {
  const both: Desk = (recorded, asked) => {
    if (asked.number !== 5 || asked.tries > 1) return keeps(recorded, asked);
    const refused = recorded.conflict();
    recorded.answer(asked.key);
    return refused;
  };
  expect((await wrongWith(both)).wrong).toEqual(['KEY was answered 409, was not sent again, and is in the log']);
});

test('a refusal because of the post itself, or of what the log lacks, is found', async () => {
  const unfounded: Desk = (recorded, asked) => {
    const { key, number, tries } = asked;
    // So that it is sent again.
    if (tries === 1 && number % 5 === 0) return [503, {}];
    if (number === 5 && tries === 2) return recorded.answer(key) && recorded.conflict([key]);
    if (number === 10 && tries === 2) return [409, { head: 'unknown', meanwhile: [] }];
    if (number === 15 && tries === 2) return [409, { code: 'story-closed' }];
    return keeps(recorded, asked);
  };
  expect((await wrongWith(unfounded)).wrong).toEqual([
    'KEY was answered 409 because of itself',
    'KEY was answered 409, which tells no head',
    expect.stringMatching(/^KEY was answered 409 because of id-\d+, which is not another post$/),
    'KEY was answered 409 because of unknown, which is not another post',
  ]);
});

test('a command that stays pending after all faults is found', async () => {
  const forgets: Desk = (recorded, asked) =>
    asked.isLookUp ? isPending : asked.number === 5 && asked.tries === 1 ? pending : keeps(recorded, asked);
  const { unsettled, wrong } = await wrongWith(forgets, true);
  expect([unsettled, ...wrong]).toEqual([
    undefined,
    'KEY was answered 202, and is pending 1000 ms after the last fault',
  ]);
});

test('another answer to a key that has one is found', async () => {
  const moves: Desk = (recorded, asked) => {
    const [status, body] = keeps(recorded, asked);
    return asked.tries > 1 ? [status, { ...body, position: 1 }] : [status, body];
  };
  const { wrong } = await wrongWith(moves);
  expect(wrong).toHaveLength(60);
  expect(wrong[0]).toMatch(/^KEY was answered {.*"position":\d+}, and later {.*"position":1}$/);
});
