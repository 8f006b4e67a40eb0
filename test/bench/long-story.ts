import { setTimeout as sleep } from 'node:timers/promises';
import { TestNewsroom } from '../harness/newsroom.js';
import { longLog } from './long-log.js';

/** A newsroom with one long story that readers can read completely. `padding` adds this many characters to each update. */
export async function longStory(developments: number, padding = 0): Promise<TestNewsroom> {
  let last = 0;
  const newsroom = await TestNewsroom.open({
    prepare: async env => {
      last = await longLog(env, developments, padding);
    },
  });
  await folded(newsroom, last);
  return newsroom;
}

/** Resolves when the live build has reached the position. */
export async function folded(newsroom: TestNewsroom, position: number, everyMs = 200): Promise<void> {
  const look = 'select position from dateline.build where live';
  while (((await newsroom.onDatabase(client => client.query(look))).rows[0]?.position ?? 0) < position)
    await sleep(everyMs);
}
