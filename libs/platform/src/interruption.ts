// A launcher may pass on what the terminal has already given to the whole group.
const echoMs = 1_000;

interface Interrupted {
  /** Called at the first request. */
  readonly onFirst?: () => void;
  /** Called when the end is forced: it must end what would outlive the process. */
  readonly onForce?: () => void;
}

/** A signal that the first Ctrl-C aborts, or any other request to end the process; a later request ends it at once. */
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
