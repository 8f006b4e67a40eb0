import { patienceMs } from '#client';

/**
 * A signal for one request: aborted when `signal` is, and when the answer has taken too long. The browsers of 2023, which have no
 * `AbortSignal.any`, load pages and embeds too.
 */
export function inTime(signal: AbortSignal): AbortSignal {
  const over = new AbortController();
  const end = () => over.abort(signal.reason ?? new DOMException('There is no answer in time.', 'TimeoutError'));
  setTimeout(end, patienceMs);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { signal: over.signal });
  return over.signal;
}
