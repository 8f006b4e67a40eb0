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
 * Yields what is read, batch by batch, without an end. The reader waits while a batch is processed. Rejects with the error
 * that ended the reading, or with the signal's reason.
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
    // A batch may have been handed over after the consumer stopped.
    void arrival.promise.then(({ done }) => done());
    await ended.catch(() => undefined);
  }
}
