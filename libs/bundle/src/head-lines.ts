import { linesIn, type LineBounds } from './read-lines.js';

/** Maximum number of bytes in a line of signed heads; a head has about 600. */
export const longestHead = 64 * 1_024;
/** How long a URL may send nothing, in milliseconds. */
const longestSilenceMs = 30_000;

/** The lines of signed heads at a URL. Rejects if the URL sends nothing for 30 seconds, or if `signal` is aborted. */
export const headLinesAt = (
  url: string,
  { signal, ...bounds }: Partial<LineBounds> & { readonly signal?: AbortSignal } = {},
): AsyncGenerator<string> => linesIn(fetched(url, signal), url, { longest: longestHead, ...bounds });

async function* fetched(url: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const silence = new AbortController();
  const end = () => silence.abort(new Error(`${url} sent nothing for ${longestSilenceMs / 1_000} seconds.`));
  let timer = setTimeout(end, longestSilenceMs);
  try {
    const either = signal ? AbortSignal.any([silence.signal, signal]) : silence.signal;
    const response = await fetch(url, { signal: either });
    if (!response.ok) {
      // It would hold the connection until it is collected as garbage.
      await response.body?.cancel();
      throw new Error(`${url} answered ${response.status}.`);
    }
    for await (const bytes of response.body ?? []) {
      // The time in which their heads are verified is not silence.
      clearTimeout(timer);
      yield bytes;
      timer = setTimeout(end, longestSilenceMs);
    }
  } finally {
    clearTimeout(timer);
  }
}
