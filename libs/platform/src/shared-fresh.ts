/**
 * Runs a task for all callers. Each gets the result of a run that began after its call: at most one run is under way, and at most one
 * more waits for it.
 */
export function sharedFresh<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  let next: Promise<Result> | undefined;
  const start = () => {
    const begun = run().finally(() => {
      if (running === begun) running = undefined;
    });
    return (running = begun);
  };
  return () => {
    if (next) return next;
    if (!running) return start();
    return (next = running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      }));
  };
}
