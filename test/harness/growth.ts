/** The two sizes differ by this factor, so that caches and garbage collection matter little beside the growth. */
const factor = 8;
/** Minimum CPU time of one measurement in milliseconds, so that a clock tick of about 4 ms matters little. */
const leastMs = 25;
const tries = 3;

/**
 * The growth of a task's CPU time with its size: 1 if it is proportional, 2 if twice the size takes four times as long.
 * `prepare` creates the task and is not measured. The smallest of several tries counts, and only this thread's time, so that
 * other load on the machine has no effect.
 */
export function growth(prepare: (size: number) => () => unknown, size: number): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  let runs = 1;
  while (cpuOf(small, runs) < leastMs) runs *= 2;
  const [one, more] = [small, large].map(work => Math.min(...Array.from({ length: tries }, () => cpuOf(work, runs))));
  return Math.log(more! / one!) / Math.log(factor);
}

/** A bound between proportional and quadratic growth. */
export const proportional = 1.5;

/** CPU milliseconds of this thread. Unlike wall-clock time they do not grow with other load on the machine. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function cpuOf(work: () => unknown, runs: number): number {
  const before = cpuMs();
  for (let run = 0; run < runs; run++) work();
  return cpuMs() - before;
}
