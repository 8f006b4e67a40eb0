import { beginIds } from './crypto.js';
import { WalkDatabase } from './database.js';
import { planOf, type Plan } from './plan.js';
import { Walk } from './walk.js';

interface Played {
  readonly wrong: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** What happened, for a person. */
  readonly told: readonly string[];
}

async function play(plan: Plan): Promise<Played> {
  const database = await WalkDatabase.open();
  beginIds();
  try {
    const walk = new Walk(plan, database);
    return { wrong: await walk.play(), counts: walk.counts, told: walk.told };
  } finally {
    await database.close();
  }
}

/** Walks as a seed says. `wrong` is empty if everything held. */
export const walk = (seed: number): Promise<Played> => play(planOf(seed));

/** What is left of the walk of a seed that fails, without the steps that it does not need for that. */
export async function shrunk(seed: number): Promise<string> {
  let plan = planOf(seed);
  let last = await play(plan);
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < plan.steps.length;) {
      const without = { ...plan, steps: plan.steps.toSpliced(at, size) };
      const played = await play(without);
      if (played.wrong.length > 0) [plan, last] = [without, played];
      else at += size;
    }
  const { acts, batchSize, unread, last: edition } = plan;
  return [JSON.stringify({ acts, batchSize, unread, last: edition }), ...last.told, ...last.wrong].join('\n');
}
