import type { Found, Row } from '../row.js';
import { simulateApart } from '../apart.js';

/** A process ends after this many seeds, so that nothing that grows in it matters. */
const seedsAtOnce = 5_000;
/** A seed that fails is shrunk for the first few only: each takes some seconds. */
const shownFailures = 3;

export const simulator: Row = {
  name: 'simulator',
  fault:
    'sends lost, late, doubled and reordered; answers lost; stalls; crashes; Postgres and the key store failing; forged records',
  invariant:
    'each acknowledged command is in the log once, where it was said to be; no answer contradicts the log; every state equals the log’s',
  unit: 'seed',
  short: 5_000,
  long: 1_000_000,
  needsServers: false,
  run: async (tries, report): Promise<Found> => {
    const { violations } = report;
    const answers: Record<string, number> = {};
    let [ran, steps, told] = [0, 0, 0];
    for (let from = report.seed; ran < tries && !report.signal.aborted; from += seedsAtOnce) {
      const count = Math.min(seedsAtOnce, tries - ran);
      let latest = { done: 0, steps: 0, answers: {} as Readonly<Record<string, number>> };
      const shrink = violations.length < shownFailures;
      await simulateApart(
        { from, count, shrink },
        line => {
          if ('done' in line) {
            latest = line;
            if (performance.now() - told < 15_000) return;
            told = performance.now();
            report.line(`${ran + line.done} of ${tries} seeds, ${violations.length} failed`);
          } else {
            violations.push(`seed ${line.seed}: ${line.wrong.join('; ')}`);
            report.line(`SEED ${line.seed}: ${line.wrong.join('; ')}`);
            if (line.history) report.line(JSON.stringify(line.history, null, 2));
          }
        },
        report.signal,
      );
      ran += latest.done;
      steps += latest.steps;
      for (const [outcome, times] of Object.entries(latest.answers)) answers[outcome] = (answers[outcome] ?? 0) + times;
    }
    return { tries: ran, violations, figures: { steps, ...answers } };
  },
};
