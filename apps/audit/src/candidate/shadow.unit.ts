import type { Key, KeyStore } from '#keys';
import { expect, test } from '@jest/globals';
import { withDestroyedKeys } from './shadow.js';

test('the wrapped key store reports destroyed keys as destroyed, and the real store keeps them', async () => {
  const held = new Map<string, Key>([
    ['a', { secret: new Uint8Array(64) }],
    ['b', { secret: new Uint8Array(64).fill(1) }],
  ]);
  const asked: string[] = [];
  const no = () => Promise.reject(new Error('Not to be asked.'));
  const store: KeyStore = {
    keyFor: no,
    adopt: no,
    noteLost: no,
    close: no,
    keysOf: async (ids: Iterable<string>) => new Map([...held].filter(([id]) => [...ids].includes(id))),
    destroy: async (ids: Iterable<string>) => void asked.push(...ids),
  };
  const spared = withDestroyedKeys(store);
  await spared.destroy(['a', 'c']);
  const keys = await spared.keysOf(['a', 'b', 'c']);
  expect([...keys.keys()].sort()).toEqual(['a', 'b', 'c']);
  for (const id of ['a', 'c']) expect(keys.get(id)).toEqual({ destroyed: expect.stringMatching(/Z$/) });
  expect(keys.get('b')).toEqual(held.get('b'));
  expect(asked).toEqual([]);
  expect((await store.keysOf(['a'])).get('a')).toHaveProperty('secret');
});
