import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ClockFault } from '../clock.js';
import type { Found, Row } from '../row.js';
import { Storm } from '../storm.js';

const day = 86_400_000;
const faultsOfClocks: readonly ClockFault[] = [
  { stepMs: day, drift: 0 },
  { stepMs: -day, drift: 0 },
  // An hour in a second: what a machine without time service gains in months.
  { stepMs: 0, drift: 3_600 },
  { stepMs: 0, drift: -3_600 },
];
/** How long a clock is wrong. */
const lastsMs = 4_000;
const backWithinMs = 30_000;
const right: ClockFault = { stepMs: 0, drift: 0 };
const preload = pathToFileURL(resolve('dist', 'test', 'faults', 'clock.js')).href;

export const clocks: Row = {
  name: 'clocks',
  fault:
    'the clock of one app or of all stepped by a day each way, and drifting by an hour each second, while it runs; then set right',
  invariant:
    'each acknowledged post is in the log once, where its author was told; each command gets a final answer; saved drafts are there; nothing under embargo reaches readers; streams have no gap and nothing twice; readers are up to date within 30 s; verify says EQUAL',
  unit: 'time',
  short: 4,
  long: 50,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const wire = async (_: string, env: Record<string, string>) => ({
      env: { ...env, NODE_OPTIONS: `--import=${preload}` },
    });
    // A clock that is wrong makes tokens expired, or not valid yet.
    // A ticket of a picture ends within a day.
    const storm = await Storm.open(report.seed, { wire, passing: [401], without: ['pictures'] });
    const late: string[] = [];
    try {
      const found = await storm.during(async () => {
        let ran = 0;
        for (; ran < tries && !report.signal.aborted; ran++) {
          const fault = faultsOfClocks[ran % faultsOfClocks.length]!;
          const some = storm.random.chance(0.3) ? storm.slots : [storm.random.pick(storm.slots)];
          const names = some.length > 1 ? 'all processes' : `one ${some[0]!.name}`;
          const text = `${names}, ${fault.stepMs / day} days, drift ${fault.drift}`;
          report.line(`${ran + 1} of ${tries}: ${text}`);
          for (const { app } of some) app!.process.send({ clock: fault });
          await sleep(lastsMs);
          // Both while the clock is wrong and after it was set right.
          if (!(await storm.areReadersBack(backWithinMs))) late.push(`${text}: readers were late`);
          for (const { app } of some) app!.process.send({ clock: right });
          await sleep(1_000);
          if (!(await storm.areReadersBack(backWithinMs))) late.push(`${text}: readers were late afterwards`);
        }
        return ran;
      }, report);
      return { ...found, violations: [...late, ...found.violations] };
    } finally {
      await storm.close();
    }
  },
};
