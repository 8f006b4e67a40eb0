import { expect, test } from '@jest/globals';
import type { Request } from './api.js';
import type { Reply } from './reply.js';
import { sendCommand } from './send-command.js';

const request: Request = { method: 'POST', path: '/actors', body: {}, key: 'k' };

/** Sends to a newsroom that gives these answers, the last one from then on. */
async function sentTo(...answers: readonly Reply[]) {
  const sent: Request[] = [];
  const send = async (request: Request) => answers[Math.min(sent.push(request), answers.length) - 1]!;
  return { reply: await sendCommand(request, { send }, 0), sent };
}

test('a command in flight is sent again with its key until its outcome is known', async () => {
  const posted: Reply = { reply: 'posted', position: 1, head: 'h' };
  expect(await sentTo({ reply: 'pending' }, posted)).toEqual({ reply: posted, sent: [request, request] });
  expect(await sentTo({ reply: 'key-taken' })).toEqual({ reply: { reply: 'key-taken' }, sent: [request] });
});

test('a command that is not settled for long is answered as pending', async () => {
  const { reply, sent } = await sentTo({ reply: 'pending' });
  expect([reply, sent.length]).toEqual([{ reply: 'pending' }, 6]);
});
