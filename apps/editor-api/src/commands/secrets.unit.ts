import type { Keys } from '#keys';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { KeptKeys } from './secrets.js';

describe('the keys that the store had a moment ago', () => {
  let time: number;
  let asked: string[];
  let there: Map<string, { secret: Uint8Array }>;
  let kept: KeptKeys;
  beforeEach(() => {
    [time, asked, there] = [0, [], new Map()];
    const store = {
      keysOf: async (ids: Iterable<string>): Promise<Keys> => {
        asked.push(...ids);
        return there;
      },
      keyFor: async (id: string, secret = new Uint8Array(32)) => (there.set(id, { secret }), { secret }),
    };
    kept = new KeptKeys(store, () => time);
  });

  test('a key that was made or seen within a second is not looked for', async () => {
    await kept.keep('a', new Uint8Array(32));
    there.set('b', { secret: new Uint8Array(32) });
    expect([await kept.lossOf('a'), await kept.lossOf('b')]).toEqual([undefined, undefined]);
    time = 999;
    expect([await kept.lossOf('a'), await kept.lossOf('b')]).toEqual([undefined, undefined]);
    expect(asked).toEqual(['b']);
  });

  test('after a second a key that is gone is missed, at each look until it is found', async () => {
    await kept.keep('a', new Uint8Array(32));
    there.delete('a');
    time = 1_000;
    const missed = { outcome: 'unavailable', of: 'keys', why: expect.stringContaining('lacks the key of a') };
    expect([await kept.lossOf('a'), await kept.lossOf('a')]).toEqual([missed, missed]);
    there.set('a', { secret: new Uint8Array(32) });
    expect(await kept.lossOf('a')).toBeUndefined();
  });
});
