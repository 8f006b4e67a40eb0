import type { LogReader, LogRecord } from '#event-log';

type Read = (take: (records: readonly LogRecord[]) => Promise<void>, signal: AbortSignal) => Promise<void>;

interface Batch {
  readonly records: readonly LogRecord[];
  readonly done: () => void;
}

/** A log's records from its first on. */
export const batchesOf = (reader: LogReader, signal: AbortSignal) =>
  asBatches((take, over) => reader.read(0, take, over), signal);

/**
 * What is read, batch by batch and without an end; the reader waits while a batch is worked on. Rejects with what ended
 * the reading, or with the signal's reason.
 */
export async function* asBatches(read: Read, signal: AbortSignal): AsyncGenerator<readonly LogRecord[]> {
  const over = new AbortController();
  let arrival = Promise.withResolvers<Batch>();
  const take = (records: readonly LogRecord[]) =>
    new Promise<void>(done => {
      arrival.resolve({ records, done });
    });
  const ended = read(take, AbortSignal.any([signal, over.signal])).then((): Batch => {
    throw signal.reason;
  });
  ended.catch(() => undefined);
  try {
    for (;;) {
      const { records, done } = await Promise.race([arrival.promise, ended]);
      arrival = Promise.withResolvers();
      try {
        yield records;
      } finally {
        done();
      }
    }
  } finally {
    over.abort();
    // One may have been handed over that nobody works on any more.
    void arrival.promise.then(({ done }) => done());
    await ended.catch(() => undefined);
  }
}
