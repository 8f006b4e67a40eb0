import type { LogReader, LogRecord } from '#event-log';

interface Batch {
  readonly records: readonly LogRecord[];
  readonly done: () => void;
}

/**
 * A log's records from its first on, batch by batch and without an end; the reader waits while a batch is worked on. Rejects
 * with the LogError that ended the reading, or with the signal's reason.
 */
export async function* batchesOf(reader: LogReader, signal: AbortSignal): AsyncGenerator<readonly LogRecord[]> {
  const over = new AbortController();
  let arrival = Promise.withResolvers<Batch>();
  const take = (records: readonly LogRecord[]) =>
    new Promise<void>(done => {
      arrival.resolve({ records, done });
    });
  const ended = reader.read(0, take, AbortSignal.any([signal, over.signal])).then((): Batch => {
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
