import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Reporter } from './reporter.js';
import { Sender } from './sender.js';
import type { Winner } from './simulator/arbiter.js';

type Answer = readonly [status: number, body: object];
/** What an editor-api does with a command: records it, or answers something else. */
type Desk = (path: string, record: () => Answer) => Answer;

/** What a reporter reports of this desk after four submissions, or after a second. */
async function wrongWith(desk: Desk) {
  const log: Winner[] = [];
  const server = createServer((request, response) => {
    const command = request.headers['idempotency-key'] as string;
    const record = (): Answer => {
      const at = log.length + 1;
      log.push({ offset: at, position: at, id: `id-${at}`, stream: 'story:s', seq: at, command });
      return [201, { commit: `id-${at}`, development: `development-${at}`, position: at }];
    };
    const [status, body] = desk(request.url!, record);
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [over, late] = [new AbortController(), new AbortController()];
  const senders = ['reporter', 'editor'].map(name => new Sender(() => url, name));
  const reporter = new Reporter(senders[0]!, senders[1]!, late.signal);
  const working = reporter.work(over.signal);
  for (let waited = 0; reporter.submissions < 4 && waited < 3_000; waited += 50) await sleep(50);
  over.abort();
  const timer = setTimeout(() => late.abort(), 300);
  await working;
  clearTimeout(timer);
  server.close();
  const wrong = [...reporter.wrong, ...senders.flatMap(sender => sender.wrong), ...reporter.wrongIn(log)];
  return { wrong, reporter };
}

test('at a desk that records everything nothing is wrong, and readers must get every second submission', async () => {
  const { wrong, reporter } = await wrongWith((_, record) => record());
  expect(wrong).toEqual([]);
  expect(reporter.due.size).toBe(Math.ceil(reporter.submissions / 2));
  expect(reporter.position).toBeGreaterThan(0);
});

test('a submission that is acknowledged and is not in the log is found', async () => {
  const forgets: Answer = [201, { commit: 'x', development: 'x', position: 1 }];
  const { wrong } = await wrongWith((path, record) => (path.endsWith('/submissions') ? forgets : record()));
  expect(wrong[0]).toMatch(/^[-0-9a-f]{36} is in the log 0 times$/);
});

test('an approval that is refused, and one that gets no final answer, are found', async () => {
  const approving =
    (answer: Answer): Desk =>
    (path, record) =>
      path.endsWith('/approve-submission') ? answer : record();
  const late = 'a submission, its approval or its retraction got no final answer in time';
  const refused = await wrongWith(approving([409, { code: 'submission-changed' }]));
  expect(refused.wrong[0]).toBe(late);
  expect(refused.wrong[1]).toContain('approve-submission was answered 409');
  expect((await wrongWith(approving([202, {}]))).wrong).toEqual([late]);
});
