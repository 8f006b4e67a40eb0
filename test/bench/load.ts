import { setTimeout as sleep } from 'node:timers/promises';

/** Starts an act at a steady rate, whether or not earlier ones have ended. Resolves to the results in order. */
export async function atRate<Measured>(
  perSecond: number,
  seconds: number,
  act: (number: number) => Promise<Measured>,
): Promise<Measured[]> {
  const began = performance.now();
  const acts: Promise<Measured>[] = [];
  for (let number = 0; number < perSecond * seconds; number++) {
    const due = began + (number * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const acting = act(number);
    // `Promise.all` below reports a failure; until then it must not count as unhandled.
    acting.catch(() => undefined);
    acts.push(acting);
  }
  return Promise.all(acts);
}

/** The number of successes per second while each of `workers` repeats the act. The warm-up is not counted. */
export async function perSecond(
  workers: number,
  seconds: number,
  act: (worker: number) => Promise<boolean>,
  warmUpSeconds = 1,
): Promise<number> {
  const from = performance.now() + warmUpSeconds * 1_000;
  const until = from + seconds * 1_000;
  let succeeded = 0;
  const work = async (worker: number) => {
    for (;;) {
      const done = await act(worker);
      const now = performance.now();
      if (now >= until) return;
      if (done && now >= from) succeeded++;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return succeeded / seconds;
}
