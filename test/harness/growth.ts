/** Wide apart, so that caches and a collector of garbage weigh little beside the growth. */
const factor = 8;
/** Milliseconds of CPU that one measurement takes at least, so that a tick of the clock, some 4 ms, weighs little. */
const leastMs = 25;
const tries = 3;

/**
 * How the CPU time of a work grows with the size of what it is given: 1 where it is in proportion, 2 where twice as much takes
 * four times as long. `prepare` makes the work for a size and is not measured. The least of some tries counts, and this
 * thread's time alone, so that other work on the machine does not enter.
 */
export function growth(prepare: (size: number) => () => unknown, size: number): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  let runs = 1;
  while (cpuOf(small, runs) < leastMs) runs *= 2;
  const [one, more] = [small, large].map(work => Math.min(...Array.from({ length: tries }, () => cpuOf(work, runs))));
  return Math.log(more! / one!) / Math.log(factor);
}

/** A bound between what grows in proportion and what grows with the square. */
export const proportional = 1.5;

/** Milliseconds of CPU that this thread has used: unlike the time of a clock they do not grow with other work on the machine. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function cpuOf(work: () => unknown, runs: number): number {
  const before = cpuMs();
  for (let run = 0; run < runs; run++) work();
  return cpuMs() - before;
}
