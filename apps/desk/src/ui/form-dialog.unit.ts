import { expect, test } from '@jest/globals';
import type { Reply } from '../reply.js';
import { notDone, whyNot } from './form-dialog.js';

test.each<[Reply, string]>([
  [{ reply: 'pending' }, 'has not confirmed it yet'],
  [{ reply: 'key-taken' }, 'already recorded'],
  [{ reply: 'conflict', head: 'h', meanwhile: [] }, 'A colleague changed it'],
  [{ reply: 'unreached', detail: 'You are offline.' }, 'safely send it again'],
  [{ reply: 'signed-out', detail: 'Sign in again.' }, 'Sign in again.'],
  [{ reply: 'refused', code: 'x', detail: 'It is closed.', errors: [] }, 'It is closed.'],
])('a dialog says why an act is not done: %o', (reply, words) => expect(whyNot(reply)).toContain(words));

test.each([
  { reply: 'posted', position: 1, head: 'h' } as const,
  { reply: 'already-so', position: 1, head: 'h' } as const,
  { at: 'sending' } as const,
])('a dialog says nothing of an act that is done or on its way: %o', progress =>
  expect(whyNot(progress)).toBeUndefined(),
);

test.each<[Reply, string]>([
  [{ reply: 'conflict', head: 'h', meanwhile: [] }, '“Retract” is not done. A colleague changed it meanwhile.'],
  [{ reply: 'refused', code: 'x', detail: 'It is closed.', errors: [] }, '“Retract” is not done. It is closed.'],
  [
    { reply: 'unreached', detail: 'You are offline.' },
    'There is no answer to “Retract”. Look whether it is done before you try it again.',
  ],
])('after its dialog was closed, the desk says that an act is not done: %o', (reply, words) =>
  expect(notDone('Retract', reply)).toBe(words),
);
