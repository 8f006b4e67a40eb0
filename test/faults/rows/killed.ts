import { setTimeout as sleep } from 'node:timers/promises';
import type { Found, Row } from '../row.js';
import { Storm } from '../storm.js';

const invariant =
  'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts and posted pictures are there; nothing under embargo reaches readers; readers see all of it; verify says EQUAL';

/** Each process takes posts this long after a fault, also one that has just started. It is checked after so many faults. */
const worksWithinMs = 60_000;
const checkEach = 5;

export const killed: Row = {
  name: 'killed',
  fault:
    'kill -9 and SIGSTOP of two editor-apis, two projectors and two reader-apis at random, and kill -9 of both of an app at once, under load with keys and retries',
  invariant,
  unit: 'second',
  short: 60,
  long: 3_300,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const storm = await Storm.open(report.seed);
    let [kills, pairs, stops] = [0, 0, 0];
    try {
      const found = await storm.during(async () => {
        const from = performance.now();
        const seconds = () => (performance.now() - from) / 1_000;
        while (seconds() < tries && !report.signal.aborted) {
          await sleep(storm.random.between(200, 2_000));
          const slot = storm.random.pick(storm.slots);
          if (storm.random.chance(0.4)) {
            stops++;
            await slot.pause(storm.random.between(100, 3_000));
          } else {
            const some = storm.random.chance(0.2) ? storm.of(slot.name) : [slot];
            kills += some.length;
            if (some.length > 1) pairs++;
            await Promise.all(some.map(one => one.kill()));
            await Promise.all(some.map(one => one.start()));
          }
          const text = `${kills} kills and ${stops} stops`;
          report.line(text);
          if ((kills + stops) % checkEach === 0) await storm.checkSlots(`after ${text}`, worksWithinMs);
        }
        return Math.round(seconds());
      }, report);
      return { ...found, figures: { kills, 'times both of an app': pairs, stops, ...found.figures } };
    } finally {
      await storm.close();
    }
  },
};

export const backends: Row = {
  name: 'backends',
  fault: 'every connection to Postgres ended at once, again and again, under load with keys and retries',
  invariant,
  unit: 'time',
  short: 20,
  long: 500,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const storm = await Storm.open(report.seed);
    let [ran, connections] = [0, 0];
    try {
      const found = await storm.during(async () => {
        for (; ran < tries && !report.signal.aborted; ran++) {
          await sleep(storm.random.between(100, 1_500));
          const { rowCount } = await storm.newsroom.onDatabase(client =>
            client.query(
              'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
            ),
          );
          connections += rowCount ?? 0;
          report.line(`${ran + 1} of ${tries}: ${connections} connections ended`);
          if ((ran + 1) % checkEach === 0) await storm.checkSlots(`after ${ran + 1} times`, worksWithinMs);
        }
        return ran;
      }, report);
      return { ...found, figures: { 'connections ended': connections, ...found.figures } };
    } finally {
      await storm.close();
    }
  },
};
