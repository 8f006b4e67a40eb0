import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Random } from '../simulator/random.js';
import { differenceOf, filesOf } from './contents.js';
import type { Harm } from './harms.js';
import { checkedHere, type Python, type Verdict } from './judges.js';
import type { Originals } from './originals.js';

/** What came of a changed bundle. */
export interface Outcome {
  /** Whether nothing that belongs to the bundle was changed. */
  readonly isHarmless: boolean;
  readonly wrong: readonly string[];
}

/** What is wrong with the programs' verdicts on a bundle with this difference. */
function wrongIn(difference: 'none' | 'spelling' | 'content', here: Verdict, there: Verdict): string[] {
  const both = [
    ['audit check', here],
    ['the check in Python', there],
  ] as const;
  return both.flatMap(([program, { verdict, why }]) => {
    if (verdict === 'broken') return [`${program} broke: ${why}`];
    if (difference === 'content' && verdict === 'whole') return [`${program} accepts it`];
    // The check in Python also refuses a folder with a file that belongs to no bundle, which `audit check` names.
    const mayRefuse = here.others.length > 0 && program !== 'audit check';
    if (difference === 'none' && verdict === 'refused' && !mayRefuse) return [`${program} refuses it: ${why}`];
    return [];
  });
}

/** Changes a copy of one of the bundles, and has both programs check it. */
export async function harmed(
  originals: Originals,
  [kind, harm]: readonly [string, Harm],
  { folder, random, python }: { readonly folder: string; readonly random: Random; readonly python: Python },
): Promise<Outcome> {
  const original = random.pick(originals.bundles);
  const copy = join(folder, 'bundle');
  await mkdir(dirname(copy), { recursive: true });
  try {
    await cp(original, copy, { recursive: true });
    const files = await filesOf(original);
    const what = await harm({ folder: copy, files, originals, random });
    const difference = await differenceOf(original, copy, files);
    const key = originals.signer.kid;
    const [here, there] = [await checkedHere(copy, key), await python.check(copy, key)];
    const wrong = wrongIn(difference, here, there).map(text => `${kind} (${original}, ${what}): ${text}`);
    return { isHarmless: difference !== 'content', wrong };
  } finally {
    await rm(folder, { recursive: true });
  }
}
