import { storyStream } from '#domain';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { viewOf } from './index.js';
import { ReadModels } from '../read-models.js';
import { listeningReader, meeting, recorded, TestNewsroom } from '../newsroom.fixture.js';

const updates = 1_500;
const batch = 500;
const [atOnce, waiting] = [2, 16];
const bounds = { PAST_READS: String(atOnce), PAST_QUEUE: String(waiting) };
/**
 * How much slower a median read of the present may be while the past is read, and a floor for machines with noisy clocks.
 */
const ratio = 15;
const floorMs = 200;

let database: Awaited<ReturnType<typeof TestNewsroom.empty>>;
let newsroom: TestNewsroom;
let reader: Awaited<ReturnType<typeof listeningReader>>;

beforeAll(async () => {
  database = await TestNewsroom.empty();
  newsroom = await TestNewsroom.on(database.databaseUrl);
  await newsroom.register('ada', 'Ada');
  await newsroom.openStory('long');
  const content = (n: number) => meeting(['ada'], { headline: `Update ${n}`, body: 'Some words of it. '.repeat(20) });
  for (let from = 0; from < updates; from += batch)
    await newsroom.postAll(
      Array.from({ length: batch }, (_, i) => ({
        stream: storyStream('long'),
        events: [recorded(randomUUID(), content(from + i))],
      })),
    );
  reader = await listeningReader(database.databaseUrl, bounds);
});
afterAll(async () => {
  await reader?.close();
  await newsroom?.close();
  await database?.drop();
});

const timed = async (path: string) => {
  const began = performance.now();
  const response = await fetch(reader.url + path);
  await response.arrayBuffer();
  return { ms: performance.now() - began, status: response.status, retry: response.headers.get('retry-after') };
};
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Reads of the present, one after the other, until `done`, with a health check beside every tenth. */
async function ordinary(done: Promise<unknown>) {
  let over = false;
  void done.finally(() => (over = true));
  const reads: number[] = [];
  const health: number[] = [];
  do {
    const read = await timed('/stories/long/timeline?limit=20');
    expect(read.status).toBe(200);
    reads.push(read.ms);
    if (reads.length % 10 === 1) {
      const check = await timed('/health/ready');
      expect(check.status).toBe(200);
      health.push(check.ms);
    }
    await sleep(5);
  } while (!over);
  return { p50: median(reads), slowestHealth: Math.max(...health), reads: reads.length };
}

/** Takes every turn until the returned function is called, so that no read of what had happened ends before others are refused. */
function takeTurns(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (let turn = 0; turn < atOnce; turn++)
    void reader.app.get(ReadModels).folding(['held', turn], async () => promise);
  return resolve;
}

/** Each number asks another question. */
const paths = [
  (n: number) => `/stories/long/timeline?position=${updates - n}&happenedBy=2026-03-02T00:00:00Z`,
  (n: number) => `/stories/long/actors/ada?position=${updates - n}&happenedBy=2026-03-02T00:00:00Z`,
  (n: number) => `/stories/long?position=${updates - n}&happenedBy=2026-03-02T00:00:00Z`,
  (n: number) => `/s/long/history?clock=happened&at=2026-03-02T00:00:00.${String(n).padStart(3, '0')}Z`,
];

describe('many expensive reads of a long story’s past', () => {
  it.each([12, 40])(
    'of %d simultaneous reads the excess is refused, and reads of the present stay fast',
    async clients => {
      const calm = await ordinary(sleep(1_000));
      const release = takeTurns();
      const refusals = Math.max(clients - waiting, 0);
      let refusedSoFar = 0;
      const asked = Array.from({ length: clients }, async (_, n) => {
        const answer = await timed(paths[n % paths.length]!(clients + n));
        if (answer.status === 503 && ++refusedSoFar === refusals) release();
        return answer;
      });
      if (refusals === 0) release();
      const past = Promise.all(asked);
      const busy = await ordinary(past);
      const answers = await past;
      const refused = answers.filter(({ status }) => status === 503);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(clients - refused.length);
      // Others may have waited too long for their turn, on a slow machine.
      expect(refused.length).toBeGreaterThanOrEqual(refusals);
      expect(refused.every(({ retry }) => Number(retry) >= 1)).toBe(true);
      expect(busy.slowestHealth).toBeLessThan(1_000);
      expect(busy.p50).toBeLessThan(Math.max(ratio * calm.p50, floorMs));
    },
  );

  it('equal reads share one result, so that none is refused', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => timed('/stories/long/timeline?position=1200&happenedBy=2026-03-02T00:00:00Z')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
  });

  it('a read that begins after a new commit does not share a result that was begun before it', async () => {
    const models = reader.app.get(ReadModels);
    const begun = Promise.withResolvers<string>();
    const before = models.folding(['same'], () => begun.promise);
    await newsroom.openStory('other');
    const after = async () => {
      for (;;) {
        const answer = await Promise.race([models.folding(['same'], async () => 'after'), sleep(20)]);
        if (answer === 'after') return answer;
      }
    };
    expect(await after()).toBe('after');
    begun.resolve('before');
    expect(await before).toBe('before');
  });

  it('happenedBy is refused beyond PAST_COMMITS commits, and other reads are not', async () => {
    // In this story, position 4 is the second commit: 1 is the log's, 2 the actor's, 3 the opening.
    const own = await listeningReader(database.databaseUrl, { PAST_COMMITS: '100', LOG_LEVEL: 'error' });
    const at = async (path: string) => fetch(own.url + path);
    const by = 'happenedBy=2026-03-02T00:00:00Z';
    expect((await at(`/stories/long?position=102&${by}`)).status).toBe(200);
    const refused = await at(`/stories/long?position=103&${by}`);
    expect([refused.status, (await refused.json()) as object]).toMatchObject([422, { code: 'past-too-long' }]);
    expect((await at('/s/long/history?clock=happened')).status).toBe(422);
    for (const path of ['/stories/long?position=1500', '/stories/long/timeline', '/s/long/history'])
      expect((await at(path)).status).toBe(200);
    await own.close();
  });

  it('a read outside the queue cannot fold the past', async () => {
    const models = reader.app.get(ReadModels);
    await expect(
      models.read(reading => viewOf(reading, 'long', { happenedBy: '2026-03-02T00:00:00.000Z' })),
    ).rejects.toThrow('folding');
  });
});
