import { expect, test } from '@jest/globals';
import type { EditorApi } from './api.js';
import type { Commit } from './contracts.js';
import type { Draft } from './drafts.js';
import type { Reply } from './reply.js';
import { send } from './send.js';

const draft: Draft = {
  ...{ id: 'k1', story: 's', act: 'record', on: 'story', head: 'h', changed: '' },
  value: { content: { kind: 'update', body: 'Rain.' } },
};
const byBen = (command: string): Commit => ({
  ...{ commit: 'c', position: 1, recorded: '2026-01-01T00:00:00.000Z', command, by: { id: 'ben', name: 'Ben' } },
  events: [{ type: 'DevelopmentRecorded', development: 'x' }],
});

/** Sends the draft to a newsroom in which these commits came first. Returns the outcome and the heads that the requests named. */
const sentAfter = (...meanwhile: Commit[]) => sentTo({}, ...meanwhile);
async function sentTo(newsroom: Partial<EditorApi>, ...meanwhile: Commit[]) {
  const heads: unknown[] = [];
  const answers: Reply[] = [
    { reply: 'conflict', head: 'c', meanwhile },
    { reply: 'posted', position: 2, head: 'd' },
  ];
  const api = {
    send: async ({ head }: { head?: string }) => answers[heads.push(head) - 1],
    getAll: async () => ({ story: { position: 7 }, developments: [{ id: 'x', kind: 'update' }] }),
    ...newsroom,
  } as unknown as EditorApi;
  return { outcome: await send(draft, api, () => undefined), heads };
}

test('an update is posted after another one', async () =>
  expect(await sentAfter(byBen('k2'))).toMatchObject({ outcome: { reply: 'posted' }, heads: ['h', 'c'] }));

test('a draft that a colleague has posted is not posted once more', async () => {
  const { outcome, heads } = await sentAfter(byBen('k1'));
  expect(outcome).toMatchObject({
    ...{ reply: 'ended', detail: 'Ben has posted this draft already.' },
    ended: { id: 'k1', how: 'posted', by: { id: 'ben' } },
  });
  expect(heads).toEqual(['h']);
});

test('after more posts than the newsroom lists, the editor is told where the story is', async () =>
  expect((await sentAfter()).outcome).toEqual({ reply: 'conflict', head: 'c', concerns: [], position: 7 }));

test('if the newsroom neither lists what colleagues posted nor says where the story is, the draft is not posted', async () => {
  const getAll = () => Promise.reject(new Error('No answer.'));
  expect((await sentTo({ getAll })).outcome).toMatchObject({ reply: 'unreached' });
  expect((await sentTo({ getAll }, byBen('k2'))).outcome).toMatchObject({ reply: 'posted' });
});
