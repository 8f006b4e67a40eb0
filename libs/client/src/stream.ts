import type { Change, Hello, Resync } from '#contract';
import { Refused } from './errors.js';
import { frames, isTooLong, usualSilence } from './frames.js';
import { pause, Pauses } from './pauses.js';
import type { Dateline, Loaded } from './reads.js';

/** An event of `follow`. */
export type LiveEvent<State> =
  /** The state after loading, at first and after each resync; the following changes come after it. */
  | { readonly event: 'loaded'; readonly data: State }
  | { readonly event: 'hello'; readonly data: Hello }
  | { readonly event: 'change'; readonly data: Change }
  | { readonly event: 'resync'; readonly data: Resync }
  /** The connection is up, or was lost and will be restored. */
  | { readonly event: 'connected' | 'disconnected'; readonly data?: undefined };

/** Options of `follow`. */
export interface Following {
  readonly signal: AbortSignal;
  readonly pauses?: Pauses;
  /** Milliseconds without a byte, heartbeats included, after which a connection counts as lost. */
  readonly silence?: number;
}

/**
 * Follows a story from the state that `load` returns. Resumes after each lost connection, and loads again if missed changes are not
 * sent again. Waits after any failure, resyncs included, as `pauses` says. Ends when `signal` is aborted, which `load` gets too; rejects
 * with a `Refused` that would recur, and where no request can be made: see `mustReach`.
 */
export async function* follow<State extends Loaded>(
  api: Dateline,
  story: string,
  load: (signal: AbortSignal) => Promise<State>,
  { signal, pauses = new Pauses(), silence = usualSilence }: Following,
): AsyncGenerator<LiveEvent<State>> {
  api.mustReach(story);
  let from: Loaded | undefined;
  while (!signal.aborted) {
    let asked: number | undefined;
    try {
      if (!from) {
        const data = await loaded(load, signal);
        if (!data) return;
        from = data;
        yield { event: 'loaded', data };
      }
      for await (const event of connection(api, story, from, signal, silence)) {
        if (event.event === 'connected') pauses.opened();
        from = afterwards(from, event);
        yield event;
        if (!from) break;
      }
    } catch (error) {
      asked = mayTryAgain(error);
      // Resuming from there would get the same frame again.
      if (isTooLong(error)) from = undefined;
    }
    if (signal.aborted) return;
    yield { event: 'disconnected' };
    await pause(pauses.next(asked), signal);
  }
}

/** The state; undefined as soon as the signal is aborted, even if `load` does not hear it. */
async function loaded<State>(
  load: (signal: AbortSignal) => Promise<State>,
  signal: AbortSignal,
): Promise<State | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>(resolve =>
    signal.addEventListener('abort', () => resolve(undefined), { signal: over.signal }),
  );
  try {
    const state = await Promise.race([load(signal), aborted]);
    return signal.aborted ? undefined : state;
  } finally {
    over.abort();
  }
}

/** The starting point of the next connection; undefined if it has to be loaded. */
function afterwards(from: Loaded, { event, data }: WireEvent): Loaded | undefined {
  if (event === 'resync') return undefined;
  return event === 'change' ? { ...from, position: Math.max(from.position, data.position) } : from;
}

/** The milliseconds that the server asks to wait, if any. Throws errors that would recur. */
function mayTryAgain(error: unknown): number | undefined {
  if (!(error instanceof Refused)) return undefined;
  if (error.final) throw error;
  return error.retryAfter;
}

type WireEvent = Exclude<LiveEvent<never>, { event: 'loaded' | 'disconnected' }>;

/** One connection, until it ends or is silent for too long. */
async function* connection(
  api: Dateline,
  story: string,
  from: Loaded,
  signal: AbortSignal,
  silence: number,
): AsyncGenerator<WireEvent> {
  for await (const frame of frames(signal => api.live(story, from, signal), signal, silence)) {
    if (frame === 'connected') yield { event: 'connected' };
    else if (isKnown(frame.event)) yield { event: frame.event, data: JSON.parse(frame.data) } as WireEvent;
  }
}

const isKnown = (event: string | undefined): event is 'hello' | 'change' | 'resync' =>
  event === 'hello' || event === 'change' || event === 'resync';
