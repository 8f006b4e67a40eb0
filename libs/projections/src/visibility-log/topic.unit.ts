import { LogError, type LogReader } from '#event-log';
import type { Pool } from '#postgres';
import { expect, test } from '@jest/globals';
import { readBackVisibility } from './topic.js';

test('an error of the topic says that it is not the log', async () => {
  const pool = { query: async () => ({ rows: [] }) } as unknown as Pool;
  const reader: LogReader = {
    bounds: async () => ({ first: 5, next: 9 }),
    read: () => Promise.reject(new LogError('log-truncated')),
    close: async () => undefined,
  };
  await expect(readBackVisibility(pool, reader, new AbortController().signal)).rejects.toMatchObject({
    code: 'log-truncated',
    message: expect.stringContaining('.visible'),
  });
});
