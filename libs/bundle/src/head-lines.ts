import { linesIn, type LineBounds } from './read-lines.js';

/** Maximum number of bytes in a line of signed heads; a head has about 600. */
export const longestHead = 64 * 1_024;
/** How long a URL may send nothing, in milliseconds. */
const longestSilenceMs = 30_000;

/** An error of a request to a URL, with the URL and the cause: the error of `fetch` names neither. */
export function unanswered(url: string, error: unknown): Error {
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  // If a host has several addresses, the cause has a code and no message.
  return new Error(`${url} does not answer: ${cause?.message || cause?.code || message}`, { cause: error });
}

/** The lines of signed heads at a URL. Rejects if the URL sends nothing for 30 seconds, or if `signal` is aborted. */
export const headLinesAt = (
  url: string,
  { signal, ...bounds }: Partial<LineBounds> & { readonly signal?: AbortSignal } = {},
): AsyncGenerator<string> => linesIn(fetched(url, signal), url, { longest: longestHead, ...bounds });

async function* fetched(url: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const silence = new AbortController();
  const end = () => silence.abort(new Error(`${url} sent nothing for ${longestSilenceMs / 1_000} seconds.`));
  let timer = setTimeout(end, longestSilenceMs);
  const either = signal ? AbortSignal.any([silence.signal, signal]) : silence.signal;
  let response: Response;
  try {
    response = await fetch(url, { signal: either });
    // An unread body would hold the connection until it is collected as garbage.
    if (!response.ok) await response.body?.cancel();
    else
      for await (const bytes of response.body ?? []) {
        // The time in which their heads are verified is not silence.
        clearTimeout(timer);
        yield bytes;
        timer = setTimeout(end, longestSilenceMs);
      }
  } catch (error) {
    throw either.aborted ? either.reason : unanswered(url, error);
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok)
    throw new Error(
      `${url} answered ${response.status} to GET. It must answer 200 with all heads, one a line; without heads, with an empty body.`,
    );
}
