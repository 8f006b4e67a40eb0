/**
 * Runs a task for all callers. Each gets the result of a run that began after its call: at most one run is under way, and at most one
 * more waits for it. `turns`: a run begins so many turns of the event loop later, so that what comes meanwhile shares it too.
 */
export function sharedFresh<Result>(run: () => Promise<Result>, turns = 0): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  let next: Promise<Result> | undefined;
  const start = () => {
    next = undefined;
    const begun = run().finally(() => {
      if (running === begun) running = undefined;
    });
    return (running = begun);
  };
  const startLater = async () => {
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    return start();
  };
  const soon = turns === 0 ? start : startLater;
  return () => {
    if (next) return next;
    if (running) return (next = running.catch(() => undefined).then(soon));
    return turns === 0 ? start() : (next = startLater());
  };
}
