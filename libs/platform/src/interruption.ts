// A launcher may forward a signal that the terminal has already sent to the whole process group.
const echoMs = 1_000;

interface Interrupted {
  /** Called at the first request. */
  readonly onFirst?: () => void;
  /** Called when the end is forced: stops anything that would outlive the process. */
  readonly onForce?: () => void;
}

/** Returns a signal that the first Ctrl-C, or another request to end the process, aborts. A later request ends the process at once. */
export function interruption({ onFirst, onForce }: Interrupted = {}): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const heard = () => {
    if (first === undefined) {
      first = performance.now();
      onFirst?.();
      return controller.abort();
    }
    if (performance.now() - first <= echoMs) return;
    onForce?.();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  return controller.signal;
}
