// A launcher may pass on what the terminal has already given to the whole group.
const echoMs = 1_000;

/**
 * Aborted by the first Ctrl-C, or whatever else asks the process to end. A second one forces the end: `force` is called
 * then, and must end what would outlive the process.
 */
export function interruption(say: (line: string) => void, force: () => void): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const heard = () => {
    if (first === undefined) {
      first = performance.now();
      say('stopping; Ctrl-C again forces it');
      return controller.abort();
    }
    if (performance.now() - first < echoMs) return;
    force();
    process.exit(130);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  return controller.signal;
}
