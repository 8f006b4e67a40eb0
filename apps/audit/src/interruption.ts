// A launcher may pass on what the terminal has already given to the whole group.
const echoMs = 1_000;

/** Aborted by the first Ctrl-C, or whatever else asks the process to end; a later one ends it at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const heard = () => {
    first ??= performance.now();
    if (controller.signal.aborted && performance.now() - first > echoMs) process.exit(130);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  return controller.signal;
}
