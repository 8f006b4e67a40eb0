import type { Found, Row } from '../row.js';
import { simulateApart } from '../apart.js';
import { mutants } from '../simulator/mutants.js';

/** A mutant that no seed of these shows survives. */
const seedsForEach = 1_500;

export const zoo: Row = {
  name: 'zoo',
  fault:
    'faults planted in the product: one line changed in arbitration, decisions, submitting, the outbox, the desk’s store or the projector',
  invariant: 'the simulator notices each one',
  unit: 'mutant',
  short: mutants.filter(({ isShort }) => isShort).length,
  long: mutants.length,
  needsServers: false,
  run: async (tries, report): Promise<Found> => {
    const chosen = mutants.toSorted((one, other) => Number(other.isShort) - Number(one.isShort)).slice(0, tries);
    const { violations } = report;
    let [ran, seeds] = [0, 0];
    for (const { name } of chosen) {
      if (report.signal.aborted) break;
      let caught = '';
      await simulateApart(
        { from: report.seed, count: seedsForEach, mutant: name, untilFailure: true },
        line => {
          if ('done' in line) return;
          caught = `seed ${line.seed}: ${line.wrong[0]!.split('\n')[0]!}`;
          seeds += line.seed - report.seed + 1;
        },
        report.signal,
      ).catch((error: Error) => violations.push(`${name}: ${error.message}`));
      if (report.signal.aborted) break;
      ran++;
      report.line(`${caught ? 'caught' : 'SURVIVED'}: ${name}${caught && `, by ${caught}`}`);
      if (!caught) violations.push(`${name} survived ${seedsForEach} seeds`);
    }
    return { tries: ran, violations, figures: { seeds } };
  },
};
