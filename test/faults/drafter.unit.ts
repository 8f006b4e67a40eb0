import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Drafter, textOf } from './drafter.js';
import { Sender } from './sender.js';

interface Kept {
  version: number;
  value?: object;
}
interface Asked {
  readonly version: number;
  readonly value?: object;
}
/** What a server does to a draft: returns the status and the body of its answer. Undefined: the connection ends without an answer. */
type Keeper = (
  draft: Kept,
  asked: Asked | undefined,
  count: number,
) => readonly [status: number, body: object] | undefined;

const keeps: Keeper = (draft, asked) => {
  if (!asked) return [200, draft];
  if (!asked.value) return [200, {}];
  // As the product: a save whose answer was lost succeeds again.
  const isAgain = JSON.stringify(asked.value) === JSON.stringify(draft.value);
  if (asked.version === draft.version) Object.assign(draft, { version: draft.version + 1, value: asked.value });
  else if (!isAgain) return [409, draft];
  return [200, { version: draft.version }];
};

/** What a drafter reports after this keeper has answered about 25 requests. */
async function wrongWith(keeper: Keeper): Promise<readonly string[]> {
  const drafts = new Map<string, Kept>();
  let count = 0;
  const server = createServer(async (request, response) => {
    const id = request.url!.split('/')[4]!;
    const draft = drafts.get(id) ?? { version: 0 };
    drafts.set(id, draft);
    const body = await text(request);
    const answer = keeper(draft, body === '' ? undefined : (JSON.parse(body) as Asked), ++count);
    if (answer) response.writeHead(answer[0]).end(JSON.stringify(answer[1]));
    else response.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = new Sender(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'Bearer x');
  const [over, late] = [new AbortController(), new AbortController()];
  const drafter = new Drafter(sender, 's', late.signal);
  const working = drafter.work(over.signal);
  while (count < 25 && sender.wrong.length + drafter.wrong.length === 0) await sleep(5);
  over.abort();
  // One whose draft is broken never gets its answer.
  const timer = setTimeout(() => late.abort(), drafter.wrong.length + sender.wrong.length > 0 ? 0 : 10_000);
  await working;
  clearTimeout(timer);
  server.close();
  const nameless = (said: string) => said.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');
  return [...sender.wrong, ...drafter.wrong].map(nameless);
}

test('drafts that are kept are right, also where answers are lost and servers fail', async () => {
  expect(await wrongWith(keeps)).toEqual([]);
  const lossy: Keeper = (draft, asked, count) => {
    if (count % 7 === 0) return [503, {}];
    const answer = keeps(draft, asked, count);
    return count % 5 === 0 ? undefined : answer;
  };
  expect(await wrongWith(lossy)).toEqual([]);
});

test('a save that is acknowledged and lost is found', async () => {
  const loses: Keeper = (draft, asked, count) =>
    count === 7 ? [200, { version: draft.version + 1 }] : keeps(draft, asked, count);
  expect((await wrongWith(loses))[0]).toMatch(/^PUT \/stories\/s\/drafts\/ID was answered 409/);
});

test('a draft that holds an earlier text is found', async () => {
  const old: Keeper = (draft, asked, count) =>
    asked ? keeps(draft, asked, count) : [200, { ...draft, value: { content: { body: textOf(1) } } }];
  expect((await wrongWith(old))[0]).toBe(`the draft ID is “20: ${textOf(1)}”, and “20: ${textOf(20)}” was saved`);
});

test('a version that skips one is found', async () => {
  const skips: Keeper = (draft, asked, count) => {
    if (count === 3) draft.version++;
    return count === 3 ? [200, { version: draft.version + 1 }] : keeps(draft, asked, count);
  };
  expect((await wrongWith(skips))[0]).toBe('the draft ID was saved as version 4, after 2');
});
