import { planOf, type Plan } from './plan.js';
import { World } from './world.js';

interface Result {
  readonly wrong: readonly string[];
  readonly answers: Readonly<Record<string, number>>;
  readonly steps: number;
}

async function play(plan: Plan): Promise<Result & { readonly world: World }> {
  const world = new World(plan);
  const wrong = await world.run();
  const answers = Object.fromEntries(
    [...Map.groupBy(world.asked, ({ answer }) => answer.outcome)].map(([outcome, all]) => [outcome, all.length]),
  );
  return { wrong, answers, steps: world.scheduler.steps, world };
}

/** Simulates a seed. `wrong` is empty if everything held. */
export const simulate = (seed: number): Promise<Result> => play(planOf(seed));

/** The plan of a seed that fails, without what is not needed for it to fail. */
export async function shrunk(seed: number): Promise<unknown> {
  let plan = planOf(seed);
  const fails = async (other: Plan) => (await play(other)).wrong.length > 0;
  const tryPlan = async (other: Plan) => {
    if (await fails(other)) plan = other;
  };
  for (const fault of ['sends', 'stalls', 'bounds', 'database', 'keys', 'rivals'] as const)
    if (plan.faults[fault] > 0) await tryPlan({ ...plan, faults: { ...plan.faults, [fault]: 0 } });
  await tryPlan({ ...plan, forgeries: [] });
  await tryPlan({ ...plan, onDisk: false });
  await tryPlan({ ...plan, projectors: 1, crashes: plan.crashes.filter(({ of }) => of === 'desk') });
  for (const list of ['crashes', 'wishes'] as const)
    for (let size = Math.ceil(plan[list].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let at = 0; at < plan[list].length;) {
        const without = { ...plan, [list]: plan[list].toSpliced(at, size) } as Plan;
        const length = plan[list].length;
        await tryPlan(without);
        if (plan[list].length === length) at += size;
      }
  const { wrong, world } = await play(plan);
  const answers = world.asked.map(
    ({ wish, answer, records }) => `${wish.act} ${wish.key}: ${answer.outcome} (${records.before}-${records.after})`,
  );
  return {
    wrong,
    plan,
    answers,
    records: world.broker.records.map(({ headers }) => `${headers.ce_subject} ${headers.ce_command}`),
  };
}
