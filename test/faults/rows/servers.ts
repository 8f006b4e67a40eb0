import { lackedByKafka } from '#dev-servers';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnServers, type ServerName } from '../own-servers.js';
import type { Found, Report, Row } from '../row.js';
import { supervise } from '../slot.js';
import { Storm } from '../storm.js';

/** Once a server is there again, people can post within this time, and then readers are up to date within it. */
const backWithinMs = 30_000;
/** Then each editor-api takes posts within this time. */
const worksWithinMs = 60_000;
/** Which server is killed, in turn: each as often as the other in a short run, and five to three in a long one. */
const turns: readonly ServerName[] = [
  'postgres',
  'kafka',
  'postgres',
  'kafka',
  'postgres',
  'postgres',
  'kafka',
  'postgres',
];

/** Waits until another post is acknowledged. Resolves to whether one is within the time. */
async function canPost(storm: Storm): Promise<boolean> {
  const [before, end] = [storm.acknowledged, performance.now() + backWithinMs];
  while (storm.acknowledged === before && performance.now() < end) await sleep(100);
  return storm.acknowledged > before;
}

async function underLoad(servers: OwnServers, tries: number, report: Report): Promise<Found> {
  await servers.open();
  const storm = await Storm.open(report.seed, { supervised: true });
  const over = new AbortController();
  const starts = supervise(storm.slots, over.signal);
  const { violations } = report;
  const kills = { postgres: 0, kafka: 0 };
  try {
    const found = await storm.during(async () => {
      let ran = 0;
      for (; ran < tries && !report.signal.aborted; ran++) {
        const name = turns[ran % turns.length]!;
        await sleep(storm.random.between(500, 3_000));
        await servers.kill(name);
        kills[name]++;
        await servers.start(name);
        report.line(`${ran + 1} of ${tries}: ${name} was killed, and runs again`);
        if (!(await canPost(storm)))
          violations.push(`nobody could post ${backWithinMs} ms after kill ${ran + 1}, of ${name}`);
        if (!(await storm.areReadersBack(backWithinMs)))
          violations.push(`readers were late after kill ${ran + 1}, of ${name}`);
        await storm.checkSlots(`after kill ${ran + 1}, of ${name}`, worksWithinMs);
      }
      over.abort();
      await starts;
      return ran;
    }, report);
    const figures = {
      'kills of Postgres': kills.postgres,
      'kills of the broker': kills.kafka,
      'processes started again': await starts,
    };
    return { ...found, violations: [...violations, ...found.violations], figures: { ...figures, ...found.figures } };
  } finally {
    over.abort();
    await starts;
    await storm.close();
  }
}

export const servers: Row = {
  name: 'servers',
  fault:
    'kill -9 of Postgres, which has the keys and the drafts, and of the only broker, each started again with its data, under load with keys and retries',
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts, keys and posted pictures are there; nothing under embargo reaches readers; streams have no gap and nothing twice; posts are accepted and readers are up to date within 30 s; verify says EQUAL',
  unit: 'kill',
  short: 4,
  long: 80,
  needsServers: false,
  run: async (tries, report): Promise<Found> => {
    const lacked = lackedByKafka();
    if (lacked.length > 0) throw new Error(`Not possible here: ${lacked.join('; ')}.`);
    const folder = mkdtempSync(join(tmpdir(), 'dateline-servers-'));
    const before = { ...process.env };
    const own = new OwnServers(folder, report);
    try {
      return await underLoad(own, tries, report);
    } finally {
      process.env = before;
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
