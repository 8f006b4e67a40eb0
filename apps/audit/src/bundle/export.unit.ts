import { generateSigningKey, signerOf } from '#bundle';
import type { LogReader } from '#event-log';
import { expect, test } from '@jest/globals';
import { exportBundle } from './export.js';

test('a bundle is dated before its end is read, so that no head of a later position was signed before that date', async () => {
  const order: string[] = [];
  const bounds = async () => {
    order.push('end');
    throw new Error('No broker.');
  };
  const it = {
    topic: 'log',
    reader: { bounds } as unknown as LogReader,
    visibilityLog: undefined,
    keys: undefined,
    scope: { all: true as const },
    signer: await signerOf(await generateSigningKey({ dev: false })),
    now: () => {
      order.push('date');
      return new Date();
    },
    onProgress: () => undefined,
  };
  await expect(exportBundle(it, 'never-written', new AbortController().signal)).rejects.toThrow('No broker.');
  expect(order).toEqual(['date', 'end']);
});
