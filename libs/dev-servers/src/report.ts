/** Shows a line of progress to a person. */
export type Report = (line: string) => void;

/** Awaits `work`. After two seconds, and then every ten, it reports that `what` is still running, and finally how long it took. */
export async function reported<T>(report: Report, what: string, work: Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const first = setTimeout(() => report(`${what} ...`), 2_000);
  const again = setInterval(() => report(`${what} ... ${seconds()} s`), 10_000);
  try {
    const result = await work;
    if (seconds() >= 2) report(`${what}: ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
