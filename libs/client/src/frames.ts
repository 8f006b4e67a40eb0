import { EventSourceParserStream, ParseError } from 'eventsource-parser/stream';
import { refusalOf } from './errors.js';

/** The default time in milliseconds without a byte, heartbeats included, after which a connection counts as lost. */
export const usualSilence = 45_000;

/**
 * The longest change accepted, in characters: the reader-api sends at most 1 MiB. A longer one is discarded, and the story is loaded
 * again.
 */
export const longestChange = 2_097_152;

// The parser reports a long frame only while it waits for the frame's end; a complete one is measured here.
const tooLong = () =>
  new ParseError(`A change has more than ${longestChange} characters.`, { type: 'max-buffer-size-exceeded' });
/** Whether a stream failed because of a frame longer than `longestChange`. */
export const isTooLong = (error: unknown) => error instanceof ParseError && error.type === 'max-buffer-size-exceeded';

/** A frame of Server-Sent Events. */
export interface Frame {
  readonly event?: string | undefined;
  readonly data: string;
}

/**
 * The frames of one stream: first `connected` once the server has answered, then each frame, until the stream ends, is silent for
 * `silence` milliseconds, or `signal` is aborted. Rejects with a `Refused` if the server refuses the stream.
 */
export async function* frames(
  open: (signal: AbortSignal) => Promise<Response>,
  signal: AbortSignal,
  silence = usualSilence,
): AsyncGenerator<'connected' | Frame> {
  const lost = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => lost.abort(), silence);
  };
  try {
    heard();
    const response = await open(AbortSignal.any([signal, lost.signal]));
    if (!response.ok) throw await refusalOf(response);
    yield 'connected';
    yield* events(response, heard);
  } finally {
    clearTimeout(watchdog);
    lost.abort();
  }
}

async function* events(response: Response, heard: () => void): AsyncGenerator<Frame> {
  const watched = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
  });
  const text = response.body!.pipeThrough(watched).pipeThrough(new TextDecoderStream() as never);
  const parser = new EventSourceParserStream({ maxBufferSize: longestChange });
  const reader = (text as ReadableStream<string>).pipeThrough(parser).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (read.value.data.length > longestChange) throw tooLong();
      yield read.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
