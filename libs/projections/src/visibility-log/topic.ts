import {
  ensureTopic,
  LogError,
  kafkaAppender,
  kafkaReader,
  visibilityLogOf,
  type KafkaOptions,
  type LogAppender,
  type LogReader,
  type LogRecord,
} from '#event-log';
import type { Pool } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeVisibility, encodeVisibility, onlyWithin, type VisibilityEntry } from './entry.js';
import { databaseTime, lastVisibility, markVisibilitySent, takeOverVisibility, unsentVisibility } from './table.js';

/** The topic that records when readers could see each position, so that the answer survives a lost database. */
export interface VisibilityTopic {
  readonly appender: LogAppender;
  readonly reader: LogReader;
}

/** Creates the topic if it is missing. */
export const ensureVisibilityLog = (log: KafkaOptions): Promise<void> => ensureTopic(visibilityLogOf(log));

/** The visibility log of a log; its topic must exist. */
export const openVisibilityLog = (log: KafkaOptions): VisibilityTopic => ({
  appender: kafkaAppender(visibilityLogOf(log)),
  reader: kafkaReader(visibilityLogOf(log)),
});

/** Closes the topic's connections. Never rejects. */
export const closeVisibilityLog = ({ appender, reader }: VisibilityTopic) =>
  Promise.allSettled([appender.close(), reader.close()]);

/** So many of the topic's last records show how far it goes: the very last may be no entry, or a repeated one. */
const looked = 1_000;

/**
 * Restores the visibility log's table from its topic if the topic holds more: after Postgres was lost, or restored from an old
 * backup. Ignores an entry for positions that the log does not have, or with a time in the future: another writer made it, and it would
 * hide or falsify the later ones.
 */
export async function readBackVisibility(
  pool: Pool,
  reader: LogReader,
  log: Pick<LogReader, 'bounds'>,
  signal: AbortSignal,
): Promise<void> {
  const { next } = await reader.bounds();
  if (next === 0) return;
  const { next: end } = await log.bounds();
  const now = await databaseTime(pool);
  const within = (entries: readonly VisibilityEntry[]) => onlyWithin(entries, end, now);
  const known = (await lastVisibility(pool))?.last ?? 0;
  let furthest = 0;
  const look = async (entries: readonly VisibilityEntry[]) => {
    for (const { last } of within(entries)) furthest = Math.max(furthest, last);
  };
  if (known > 0) await readUntil(reader, Math.max(0, next - looked), next, look, signal);
  if (furthest === 0 || furthest > known)
    await readUntil(reader, 0, next, entries => takeOverVisibility(pool, within(entries)), signal);
}

/** All entries of the topic, up to its current end. Rejects with the signal's reason. */
export async function readVisibility(reader: LogReader, signal: AbortSignal): Promise<VisibilityEntry[]> {
  const { next } = await reader.bounds();
  const entries: VisibilityEntry[] = [];
  if (next > 0) await readUntil(reader, 0, next, async more => void entries.push(...more), signal);
  signal.throwIfAborted();
  return entries;
}

async function readUntil(
  reader: LogReader,
  from: number,
  next: number,
  take: (entries: readonly VisibilityEntry[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const onBatch = async (records: readonly LogRecord[]) => {
    // A record that is not an entry came from another writer. Positions of a lost entry stay without a time.
    await take(records.flatMap(({ offset, value }) => (offset < next && decodeVisibility(value)) || []));
    if (records.at(-1)!.offset + 1 >= next) done.abort();
  };
  await reader.read(from, onBatch, AbortSignal.any([done.signal, signal])).catch((error: unknown) => {
    // Its text speaks of the log, which may be whole.
    const which = 'this is the visibility log, the topic whose name ends in .visible';
    throw error instanceof LogError ? new LogError(error.code, which, { cause: error }) : error;
  });
}

const retryMs = 1_000;

/**
 * Sends the entries of the visibility log's table to its topic, in order, until the topic is known to hold them. After a crash the next
 * process sends the rest, so the topic may hold an entry twice: see `onlyBeyond`.
 */
export class VisibilityOutbox {
  private filled = Promise.withResolvers<void>();

  constructor(
    private readonly pool: Pool,
    private readonly appender: LogAppender,
  ) {}

  /** Call when there may be more to send. */
  fill(): void {
    this.filled.resolve();
  }

  /** Sends until `signal` is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const over = new Promise(resolve => signal.addEventListener('abort', resolve));
    while (!signal.aborted) {
      this.filled = Promise.withResolvers();
      const sentAll = await this.sendAll(signal).catch(() => false);
      if (sentAll) await Promise.race([this.filled.promise, over]);
      else await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sendAll(signal: AbortSignal): Promise<boolean> {
    for (let entry = await unsentVisibility(this.pool); entry; entry = await markVisibilitySent(this.pool, entry))
      if (signal.aborted || !(await this.send(entry))) return false;
    return true;
  }

  private async send(entry: VisibilityEntry): Promise<boolean> {
    return (await this.appender.append(encodeVisibility(entry))) === 'sent';
  }
}
