import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inMemory, openRecordings, RecordingError, type Recordings } from './index.js';
import { hostile } from './testing/hostile.js';

let recordings: Recordings;
beforeAll(() => {
  recordings = openRecordings();
});
afterAll(() => recordings.close());

test.each(Object.entries(hostile))('refuses %s', async (_, { code, bytes, name, type }) => {
  const refused = await recordings.judge(inMemory(await bytes()), { name, type }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RecordingError);
  expect(refused).toMatchObject({ code });
});
