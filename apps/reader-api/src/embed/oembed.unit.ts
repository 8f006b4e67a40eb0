import { expect, test } from '@jest/globals';
import { placeOn } from './oembed.js';

const base = 'https://live.example';

test('an address that holds what no id may hold is not a page of ours', () => {
  expect(placeOn(base, `${base}/s/talks/actors/ada`)).toMatchObject({ shows: { story: 'talks', actor: 'ada' } });
  for (const path of ['a%00', 'talks/d/%00', 'talks/actors/a%1B', 'x'.repeat(201)])
    expect(placeOn(base, `${base}/s/${path}`)).toBeUndefined();
});
