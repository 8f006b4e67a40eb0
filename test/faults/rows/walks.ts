import { walkApart } from '../apart.js';
import type { Found, Row } from '../row.js';

/** A process ends after this many seeds, so that nothing that grows in it matters. */
const seedsAtOnce = 200;
/** A seed that fails is shrunk for the first few only: each takes minutes. */
const shownFailures = 3;

export const walks: Row = {
  name: 'walks',
  fault:
    'projectors and commands of two versions stopped between any two statements, killed, cut off from Postgres and restarted, among takedowns, rebuilds, returns and dropped builds',
  invariant:
    'what was taken down never comes back to readers, whichever build they read; they never go back in the log; in the end the live build equals a fold of the whole log, and nothing is left over',
  unit: 'seed',
  short: 4,
  long: 1_000,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    const { violations, signal } = report;
    const figures: Record<string, number> = {};
    let [ran, told] = [0, 0];
    while (ran < tries && !signal.aborted) {
      const job = { from: report.seed + ran, count: Math.min(seedsAtOnce, tries - ran) };
      await walkApart(
        { ...job, shrink: violations.length < shownFailures },
        ({ seed, wrong, counts, history }) => {
          ran++;
          for (const [what, times] of Object.entries(counts)) figures[what] = (figures[what] ?? 0) + times;
          if (wrong.length > 0) {
            violations.push(`seed ${seed}: ${wrong.join('; ')}`);
            report.line(`SEED ${seed}: ${wrong.join('; ')}`);
            if (history) report.line(history);
          }
          if (performance.now() - told < 15_000) return;
          told = performance.now();
          report.line(`${ran} of ${tries} seeds, ${violations.length} failed`);
        },
        signal,
      );
    }
    return { tries: ran, violations, figures };
  },
};
