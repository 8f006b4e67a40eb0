import type { Change, Hello, Resync } from '#contract';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { refusalOf } from './errors.js';
import type { Dateline } from './reads.js';

export type LiveEvent =
  | { readonly event: 'hello'; readonly data: Hello }
  | { readonly event: 'change'; readonly data: Change }
  | { readonly event: 'resync'; readonly data: Resync }
  /** The connection stands, or was lost and is made anew. */
  | { readonly event: 'connected' | 'disconnected'; readonly data?: undefined };

export interface Backoff {
  /** Milliseconds before the first new try, doubled after each that fails, with chance in it. */
  readonly least?: number;
  readonly most?: number;
  /** Milliseconds without a byte, not even a heartbeat, after which a connection counts as lost. */
  readonly silence?: number;
}

const usual = { least: 500, most: 30_000, silence: 45_000 };

/**
 * What happens to a story after a position, resumed by Last-Event-ID however often the connection breaks. Ends when
 * `signal` is aborted; rejects with `Refused` when the API says no for good.
 */
export async function* follow(
  api: Dateline,
  story: string,
  after: number,
  signal: AbortSignal,
  backoff: Backoff = {},
): AsyncGenerator<LiveEvent> {
  const { least, most, silence } = { ...usual, ...backoff };
  let last = after;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      for await (const { id, ...told } of connection(api, story, last, signal, silence)) {
        last = id ?? last;
        if (told.event === 'hello' || told.event === 'change') failures = 0;
        yield told;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
    }
    if (signal.aborted) return;
    yield { event: 'disconnected' };
    await pause(Math.min(most, least * 2 ** failures) * (0.5 + Math.random() / 2), signal);
  }
}

/** One connection, until it ends or is silent for too long. */
async function* connection(
  api: Dateline,
  story: string,
  after: number,
  signal: AbortSignal,
  silence: number,
): AsyncGenerator<LiveEvent & { readonly id?: number }> {
  const lost = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => lost.abort(), silence);
  };
  try {
    heard();
    const response = await api.live(story, after, AbortSignal.any([signal, lost.signal]));
    if (!response.ok) throw await refusalOf(response);
    yield { event: 'connected' };
    for await (const { id, event, data } of events(response, heard))
      if (isKnown(event)) yield { id: Number(id), event, data: JSON.parse(data) } as LiveEvent;
  } finally {
    clearTimeout(watchdog);
    lost.abort();
  }
}

async function* events(response: Response, heard: () => void) {
  const watched = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
  });
  const text = response.body!.pipeThrough(watched).pipeThrough(new TextDecoderStream() as never);
  const reader = (text as ReadableStream<string>).pipeThrough(new EventSourceParserStream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

const isKnown = (event: string | undefined): event is 'hello' | 'change' | 'resync' =>
  event === 'hello' || event === 'change' || event === 'resync';

/** Another try would be answered the same. */
const isFinal = (error: unknown) =>
  error instanceof Error && 'status' in error && Number(error.status) < 500 && Number(error.status) !== 429;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', over);
  });
}
