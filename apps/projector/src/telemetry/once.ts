/** Shares one look among all callers that ask while it runs. */
export function once<T>(look: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () => (looking ??= look().finally(() => (looking = undefined)));
}
