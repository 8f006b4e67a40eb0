export type Say = (line: string) => void;

/** Awaits `work`; past two seconds `what` is said, every ten seconds again, and at last how long it took. */
export async function shown<Result>(say: Say, what: string, work: Promise<Result>): Promise<Result> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const first = setTimeout(() => say(`${what} ...`), 2_000);
  const again = setInterval(() => say(`${what} ... ${seconds()} s`), 10_000);
  try {
    const result = await work;
    if (seconds() >= 2) say(`${what}: ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
