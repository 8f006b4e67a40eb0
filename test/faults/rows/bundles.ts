import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { harmed } from '../bundles/harmed.js';
import { harms, several } from '../bundles/harms.js';
import { checkedHere, Python } from '../bundles/judges.js';
import { makeOriginals } from '../bundles/originals.js';
import type { Found, Row } from '../row.js';
import { Random } from '../simulator/random.js';

const kinds = [...Object.entries(harms), ['several of these', several] as const];
const timesInLong = 200;

export const bundles: Row = {
  name: 'bundles',
  fault:
    'bundles with pictures flipped, cut, swapped, doubled, signed by another key, with other line ends, links, pipes, and other names',
  invariant:
    'two programs, one in another language, refuse each that differs in what belongs to it, and accept each that does not; none crashes or waits without end',
  unit: 'bundle',
  short: kinds.length,
  long: kinds.length * timesInLong,
  needsServers: false,
  run: async (tries, report): Promise<Found> => {
    const folder = mkdtempSync(join(tmpdir(), 'dateline-bundles-'));
    const python = new Python();
    const violations: string[] = [];
    let [ran, harmless] = [0, 0];
    try {
      const originals = await makeOriginals(folder, new Random(report.seed));
      for (const bundle of originals.bundles)
        for (const { verdict, why } of [
          await checkedHere(bundle, originals.signer.kid),
          await python.check(bundle, originals.signer.kid),
        ])
          if (verdict !== 'whole') violations.push(`an intact bundle is ${verdict}: ${why}`);
      for (; ran < tries && !report.signal.aborted; ran++) {
        const kind = kinds[ran % kinds.length]!;
        // Each has random numbers of its own, so that one can be repeated.
        const random = new Random(report.seed + ran);
        const outcome = await harmed(originals, kind, { folder: join(folder, 'try'), random, python });
        if (outcome.isHarmless) harmless++;
        for (const text of outcome.wrong) {
          violations.push(`try ${ran}: ${text}`);
          report.line(violations.at(-1)!);
        }
        if ((ran + 1) % (kinds.length * 20) === 0)
          report.line(`${ran + 1} of ${tries}, ${violations.length} violations`);
      }
      return { tries: ran, violations, figures: { refused: ran - harmless, harmless } };
    } finally {
      python.close();
      rmSync(folder, { recursive: true });
    }
  },
};
